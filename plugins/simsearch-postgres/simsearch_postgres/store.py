"""The store: a schema of a database."""

from __future__ import annotations

from simsearch.errors import NoIndex
from simsearch.storage.protocols import Identity
from simsearch.storage.words.word_files import OTHER_ANALYSIS
from simsearch.types import Notice, Observer
from simsearch_postgres.connecting import Server
from simsearch_postgres.snapshot import PostgresSnapshot
from simsearch_postgres.writer import PostgresWriter


class PostgresStore:
    """The Store of simsearch.storage.protocols, with the capability Removable.

    Args:
        exact: Vectors up to which a search compares all of them.
    """

    def __init__(self, server: Server, exact: int, observe: Observer | None = None) -> None:
        self._server = server
        self._exact = exact
        self._observe = observe

    def exists(self) -> bool:
        try:
            PostgresSnapshot(self._server).close()
        except NoIndex:
            return False
        return True

    def read(self) -> PostgresSnapshot:
        snapshot = PostgresSnapshot(self._server)
        if not snapshot.analysed and self._observe:
            self._observe(Notice(OTHER_ANALYSIS))
        return snapshot

    def write(self, identity: Identity) -> PostgresWriter:
        return PostgresWriter(self._server, identity, self._exact, self._observe)

    def remove(self) -> None:
        self._server.remove()
