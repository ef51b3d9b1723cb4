"""The terms and texts of a generation, for quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simsearch.storage.words.quotes import QuotedDocument
from simsearch.types import Rows
from simsearch_postgres.session import Connection
from simsearch_postgres.texts import with_nul
from simsearch_postgres.words.terms import TermReader

AT_ONCE = 100
"""Documents read at once."""


class StoredTexts:
    """The QuotedTexts of simsearch.storage.words.quotes."""

    def __init__(self, connection: Connection, generation: int, terms: TermReader) -> None:
        self._connection = connection
        self._generation = generation
        self._terms = terms

    def having(self, quote: str) -> Iterator[Rows]:
        return self._terms.having(quote)

    def documents_of(self, chunks: Rows) -> set[int]:
        rows = self._connection.execute(
            "SELECT DISTINCT document FROM chunks WHERE id = ANY(%s)", (chunks.tolist(),)
        )
        return {document for (document,) in rows}

    def every_document(self) -> set[int]:
        rows = self._connection.execute(
            "SELECT DISTINCT document FROM chunks WHERE generation = %s", (self._generation,)
        )
        return {document for (document,) in rows}

    def read(self, documents: Sequence[int]) -> Iterator[QuotedDocument]:
        for start in range(0, len(documents), AT_ONCE):
            yield from self._read(list(documents[start : start + AT_ONCE]))

    def _read(self, documents: list[int]) -> Iterator[QuotedDocument]:
        chunks: dict[int, list[tuple[int, int, int, str]]] = {}
        for document, *chunk in self._connection.execute(
            "SELECT document, id, first, past, prefix FROM chunks WHERE document = ANY(%s) ORDER BY first, id",
            (documents,),
        ):
            chunks.setdefault(document, []).append((chunk[0], chunk[1], chunk[2], chunk[3]))
        rows = self._connection.execute(
            "SELECT d.id, f.path, d.name, d.title, d.text, d.stand_in FROM documents d JOIN files f ON f.id = d.file "
            "WHERE d.id = ANY(%s) ORDER BY d.id",
            (documents,),
        )
        for number, path, *texts, nul in rows:
            name, title, text = (with_nul(one, nul) for one in texts)
            own = [(*chunk[:3], with_nul(chunk[3], nul)) for chunk in chunks.get(number, ())]
            yield QuotedDocument(path, name, title, text, own)
