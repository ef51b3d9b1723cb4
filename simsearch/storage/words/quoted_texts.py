"""The terms and texts of a database and its word index, for quotes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from simsearch.storage.database.records import as_json
from simsearch.storage.words.quotes import QuotedDocument
from simsearch.storage.words.words_index import WordsIndex
from simsearch.types import Rows


class IndexedTexts:
    """The QuotedTexts of a generation."""

    def __init__(self, connection: sqlite3.Connection, generation: int, index: WordsIndex) -> None:
        self._connection = connection
        self._generation = generation
        self._index = index

    def having(self, quote: str) -> Iterator[Rows]:
        return self._index.having(quote)

    def documents_of(self, chunks: Rows) -> set[int]:
        found = "SELECT DISTINCT document FROM chunks WHERE id IN (SELECT value FROM json_each(?))"
        return {document for (document,) in self._connection.execute(found, (as_json(chunks.tolist()),))}

    def every_document(self) -> set[int]:
        every = "SELECT DISTINCT document FROM chunks WHERE generation = ?"
        return {document for (document,) in self._connection.execute(every, (self._generation,))}

    def read(self, documents: Sequence[int]) -> Iterator[QuotedDocument]:
        for document in documents:
            path, name, title, text = self._connection.execute(
                "SELECT f.path, d.name, d.title, d.text FROM documents d JOIN files f ON f.id = d.file "
                "WHERE d.id = ?",
                (document,),
            ).fetchone()
            chunks = self._connection.execute(
                "SELECT id, start, end, prefix FROM chunks WHERE document = ? ORDER BY start, id", (document,)
            ).fetchall()
            yield QuotedDocument(path, name, title, text, chunks)
