"""The terms and texts of a snapshot, for quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from simsearch.storage.words.clauses import quote_terms
from simsearch.storage.words.quotes import QuotedDocument
from simsearch.types import Rows
from simsearch_milvus.connecting import LIMIT, Connection
from simsearch_milvus.numbers import dimension_of
from simsearch_milvus.records import CHUNK_COLUMNS, Collections, Reader
from simsearch_milvus.schema import Kind
from simsearch_milvus.texts import read_parts
from simsearch_milvus.words.terms import TermReader

AT_ONCE = 100
"""Documents read at once."""


class StoredTexts:
    """The QuotedTexts of simsearch.storage.words.quotes.

    Args:
        living: The expression of the chunks that the snapshot sees.
    """

    def __init__(
        self, connection: Connection, of: Collections, reader: Reader, terms: TermReader, living: str
    ) -> None:
        self._connection = connection
        self._of = of
        self._reader = reader
        self._terms = terms
        self._living = living

    def having(self, quote: str) -> Iterator[Rows]:
        """Words that more chunks have than Milvus returns at once are passed over; the other words, or the texts
        themselves, decide."""
        words = quote_terms(quote, self._terms.languages)
        counts = self._terms.counts(key for word in words for key in word)
        for word in sorted(words, key=lambda word: sum(counts[key] for key in word)):
            if sum(counts[key] for key in word) < LIMIT:
                rows = self._search(word)
                if len(rows) < LIMIT:
                    yield rows

    def documents_of(self, chunks: Rows) -> set[int]:
        rows = self._connection.among(self._of.chunks, "number", chunks.tolist(), ["document"], self._living)
        return {row["document"] for row in rows}

    def every_document(self) -> set[int]:
        return set(self._connection.every_number(self._of.chunks, self._living, "document"))

    def read(self, documents: Sequence[int]) -> Iterator[QuotedDocument]:
        for start in range(0, len(documents), AT_ONCE):
            yield from self._read(documents[start : start + AT_ONCE])

    def _search(self, word: Sequence[tuple[str, str]]) -> Rows:
        asked = {dimension_of(*key): 1.0 for key in word}
        rows = self._connection.search(self._of.chunks, "words", asked, LIMIT, self._living, [])
        return np.sort(np.array([row["number"] for row in rows], np.int64))

    def _read(self, documents: Sequence[int]) -> Iterator[QuotedDocument]:
        chunks: dict[int, list[tuple[int, int, int, str]]] = {}
        rows = self._connection.among(self._of.chunks, "document", documents, CHUNK_COLUMNS, self._living)
        for chunk in self._reader.keep(list(rows)):
            about = chunk.about
            own = chunk.number, about["start"], about["end"], about["prefix"]
            chunks.setdefault(chunk.document, []).append(own)
        texts = read_parts(self._connection, self._of.records, Kind.CONTENT, documents)
        for number, about in self._reader.documents(documents).items():
            own_chunks = sorted(chunks.get(number, ()), key=lambda one: (one[1], one[0]))
            yield QuotedDocument(about["path"], about["name"], about["title"], texts[number], own_chunks)
