"""The records of the active index: one SQLite read transaction, without the files that a search needs."""

from __future__ import annotations

import sqlite3
from functools import cached_property
from pathlib import Path

from simsearch.errors import NoIndex
from simsearch.storage.database.connection import connect_to_read, explain_errors, no_index
from simsearch.storage.database.generations import Generation, find_generation, is_finished
from simsearch.storage.database.pending import read_coverage
from simsearch.storage.database.records import read_files
from simsearch.storage.database.segment_records import read_segment_records
from simsearch.storage.protocols import Coverage, FileRecord, Identity
from simsearch.storage.words.word_files import is_usable


class LocalRecords:
    """The Records of simsearch.storage.protocols over a folder.

    Args:
        connection: In a read transaction, in which `generation` was found; closed with the records.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection, generation: Generation) -> None:
        self._folder = folder
        self._connection = connection
        self._generation = generation

    @property
    def identity(self) -> Identity:
        return self._generation.identity

    @cached_property
    def finished(self) -> bool:
        with explain_errors(self._folder):
            segments = read_segment_records(self._connection, self._generation.id)
            return (
                is_finished(self._connection, self._generation)
                and all(segment.usable(self._folder) for segment in segments)
                and is_usable(self._folder, self._generation.words)
            )

    def coverage(self) -> Coverage:
        with explain_errors(self._folder):
            return read_coverage(self._connection, self._generation.id)

    def files(self) -> dict[str, FileRecord]:
        with explain_errors(self._folder):
            return read_files(self._connection, self._generation.id)

    def close(self) -> None:
        self._connection.close()


def open_records(folder: Path) -> LocalRecords:
    """Open the records of the active index.

    Raises:
        NoIndex: Nothing has been indexed yet.
    """
    with explain_errors(folder):
        connection = connect_to_read(folder)
        try:
            return LocalRecords(folder, connection, begin_reading(connection, folder))
        except BaseException:
            connection.close()
            raise


def begin_reading(connection: sqlite3.Connection, folder: Path) -> Generation:
    """Begin a read transaction on the active generation.

    Raises:
        NoIndex: There is none.
    """
    connection.execute("BEGIN")
    generation = find_generation(connection, "active")
    if generation is None:
        raise NoIndex(no_index(folder))
    return generation
