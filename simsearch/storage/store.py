"""The store in a folder: SQLite with FAISS segments and a word index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.errors import NoIndex
from simsearch.files import read_states
from simsearch.home import Home
from simsearch.storage.capabilities import Problem
from simsearch.storage.database.connection import no_index
from simsearch.storage.local_records import LocalRecords, open_records
from simsearch.storage.protocols import Identity, Writer
from simsearch.types import Observer

if TYPE_CHECKING:
    from simsearch.storage.snapshot import LocalSnapshot


class LocalStore:
    """The Store of simsearch.storage.protocols over a folder."""

    def __init__(self, folder: Path, latency: float, observe: Observer | None = None) -> None:
        self._folder = folder
        self._latency = latency
        self._observe = observe

    def exists(self) -> bool:
        try:
            self.read_records().close()
        except NoIndex:
            return False
        return True

    def read_records(self) -> LocalRecords:
        self._demand_database()
        return open_records(self._folder)

    def read(self) -> LocalSnapshot:
        from simsearch.storage.snapshot import LocalSnapshot

        self._demand_database()
        return LocalSnapshot(self._folder, self._latency, self._observe)

    def write(self, identity: Identity) -> Writer:
        from simsearch.storage.writer import LocalWriter

        return LocalWriter(self._folder, identity, self._latency, self._observe)

    def version(self) -> object:
        """The state of the database and of its log: every commit is written to one of them."""
        database = Home(self._folder).database
        return [read_states(self._folder, f"{database.name}{end}") for end in ("", "-wal")]

    def check(self, repair: bool = False) -> list[Problem]:
        from simsearch.storage.checking import check_index

        return check_index(self._folder, repair)

    def _demand_database(self) -> None:
        if not Home(self._folder).database.is_file():
            raise NoIndex(no_index(self._folder))
