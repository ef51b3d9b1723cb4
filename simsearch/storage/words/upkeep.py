"""Updating the word index from the database.

SQLite commits first, then tantivy, then SQLite writes down tantivy's stamp. A process killed in between
leaves the word index behind, never wrong: the next update adds the chunks above the highest it holds
and takes the tombstones out.
"""

from __future__ import annotations

import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from simsearch.home import Home
from simsearch.storage.database.connection import transaction
from simsearch.storage.words.passages import Passage, document_passages
from simsearch.storage.words.word_files import files_of
from simsearch.storage.words.words_index import WordsIndex

MOST_DEAD = 0.05
"""BM25 counts removed chunks too; above this share of them, the index is rebuilt."""


class WordsUpkeep:
    """The word index of the generation that is being written.

    Args:
        connection: Of the writer; outside a transaction whenever a method is called.
    """

    def __init__(self, connection: sqlite3.Connection, folder: Path, generation: int) -> None:
        self._connection = connection
        self._folder = Home(folder).words
        self._generation = generation
        self._index: WordsIndex | None = None

    def usable(self) -> bool:
        """Whether the index can be opened, or was never made."""
        name = self._state()[0]
        if not name or self._index is not None:
            return True
        try:
            self._index = _open_whole(self._folder / name)
        except (OSError, ValueError):
            return False
        return True

    def update(self) -> None:
        """Update the index to what was committed."""
        name, stamp, last, dead, chunks = self._state()
        tombstones = self._tombstones()
        if not name or dead + len(tombstones) > MOST_DEAD * (chunks + dead + len(tombstones)):
            self.rebuild()
        elif tombstones or self._newest() > last:
            self._reconcile(name, stamp, last, tombstones)

    def rebuild(self) -> None:
        """Rebuild the index in a new folder, which replaces the old one."""
        self.close()
        name = secrets.token_hex(8)
        path = self._folder / name
        path.mkdir(parents=True)
        self._index = index = WordsIndex(path)
        index.add(read_passages(self._connection, self._generation))
        self._write_down(name, index.commit(), self._tombstones(), rebuilt=True)

    def close(self) -> None:
        """Let tantivy finish its merges."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def _reconcile(self, name: str, stamp: int, last: int, tombstones: list[int]) -> None:
        if self._index is None:
            self._index = WordsIndex(self._folder / name)
        index = self._index
        if index.stamp() != stamp:
            last = index.last_chunk()
            if last > self._newest():  # of a database that was here before, or will be
                self.rebuild()
                return
        if tombstones:
            index.delete(tombstones)
        index.add(read_passages(self._connection, self._generation, last))
        self._write_down(name, index.commit(), tombstones)

    def _write_down(self, name: str, stamp: int, tombstones: list[int], rebuilt: bool = False) -> None:
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE generations SET words = ?, words_stamp = ?, words_last = ?, words_dead = ? + "
                "CASE ? WHEN 1 THEN 0 ELSE words_dead END WHERE id = ?",
                (name, stamp, self._newest(), 0 if rebuilt else len(tombstones), rebuilt, self._generation),
            )
            self._connection.execute("DELETE FROM tombstones WHERE generation = ?", (self._generation,))

    def _state(self) -> tuple[str, int, int, int, int]:
        row: tuple[str, int, int, int, int] = self._connection.execute(
            "SELECT words, words_stamp, words_last, words_dead, chunks FROM generations WHERE id = ?",
            (self._generation,),
        ).fetchone()
        return row

    def _tombstones(self) -> list[int]:
        rows = self._connection.execute(
            "SELECT chunk FROM tombstones WHERE generation = ?", (self._generation,)
        )
        return [chunk for (chunk,) in rows]

    def _newest(self) -> int:
        """The highest chunk number ever given."""
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
        return row[0] if row else 0


def read_passages(connection: sqlite3.Connection, generation: int, after: int = 0) -> Iterator[Passage]:
    """The chunks above a number, ascending."""
    rows = connection.execute(
        "SELECT document, id, start, end, prefix FROM chunks WHERE generation = ? AND id > ? ORDER BY id",
        (generation, after),
    )
    for document, chunks in groupby(rows, key=itemgetter(0)):
        path, name, title, text = connection.execute(
            "SELECT f.path, d.name, d.title, d.text FROM documents d JOIN files f ON f.id = d.file WHERE d.id = ?",
            (document,),
        ).fetchone()
        yield from document_passages(path, name, title, text, (chunk[1:] for chunk in chunks))


def open_words(folder: Path, name: str) -> WordsIndex:
    """Open a word index to search it, also in a folder that can't be written.

    Raises:
        ValueError, OSError: It is missing or damaged.
    """
    path = Home(folder).words / name
    if not name:
        raise ValueError(f"{path} is missing")
    try:
        return _open_whole(path)
    except ValueError as error:
        if "Permission" not in str(error) and "Read-only" not in str(error):
            raise
        return _open_linked(path)


def _open_whole(path: Path) -> WordsIndex:
    """Open an index on disk; tantivy itself finds that a file is missing only when it needs it.

    Raises:
        ValueError, OSError: It is missing or damaged.
    """
    missing = [file for file in files_of(path) if not file.is_file()]
    if missing:
        raise ValueError(f"{missing[0]} is missing")
    return WordsIndex(path)


def words_in_memory(connection: sqlite3.Connection, generation: int) -> WordsIndex:
    """The same index in memory, while the one on disk can't be used."""
    index = WordsIndex(None)
    index.add(read_passages(connection, generation))
    index.commit()
    return index


def _open_linked(path: Path) -> WordsIndex:
    """tantivy opens only where it can make a lock file, so open links to the files in a folder that can be
    written."""
    with tempfile.TemporaryDirectory(prefix="simsearch-") as linked:
        for file in path.iterdir():
            if not file.name.endswith(".lock"):
                (Path(linked) / file.name).symlink_to(file.resolve())
        return WordsIndex(Path(linked))
