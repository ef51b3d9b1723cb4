"""The word index: a tantivy index of one generation's chunks, scored by BM25.

Each chunk has the fields of passages.py, whose terms are separated by spaces, and its `language`.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.storage.database.connection import MAY_BE_FULL
from simsearch.storage.words import word_files
from simsearch.storage.words.clauses import compounding_languages, question_clauses, quote_terms
from simsearch.storage.words.languages import UNKNOWN
from simsearch.storage.words.passages import Passage, passage_terms
from simsearch.storage.words.words_query import WordsQuery
from simsearch.types import Rows, Scores

HEAP_BYTES = 64_000_000
LISTS = (word_files.META, ".managed.json")
"""What a tantivy index consists of, and what it may delete."""

ORDINARY = ".tantivy-writer.lock"
"""A file that tantivy makes as any program makes one."""

_OF_THE_SYSTEM = re.compile(r"\(os error (\d+)\)|writer was killed")


class WordsIndex:
    """An open word index.

    Args:
        path: Its folder, which exists; without an index in it, a new one is made. None keeps a new one in memory.

    Raises:
        ValueError: The index is damaged, or of another version.
    """

    def __init__(self, path: Path | None) -> None:
        import tantivy

        self._schema = _schema()
        self._index = tantivy.Index(self._schema, str(path) if path else None)
        self._index.config_reader("manual")
        terms = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer(word_files.TERMS, terms)
        self._path = path
        self._query = WordsQuery(self._schema)
        self._writer: Any = None
        self._latest: tuple[str, Any] | None = None

    def stamp(self) -> int:
        """The index's own number of its last commit."""
        return int(self._open_writer().commit_opstamp)

    def last_chunk(self) -> int:
        """The highest chunk number in it; 0 where it is empty."""
        import tantivy

        found = self._index.searcher().search(
            tantivy.Query.all_query(), 1, count=False, order_by_field="chunk"
        )
        return int(found.hits[0][0]) if found.hits else 0

    def add(self, passages: Iterable[Passage]) -> None:
        """Add chunks; counts from the next commit."""
        import tantivy

        writer = self._open_writer()
        for passage in passages:
            document = tantivy.Document()
            document.add_unsigned("chunk", passage.chunk)
            document.add_text("language", passage.language)
            for field, terms in passage_terms(passage).items():
                document.add_text(field, " ".join(terms))
            with _plain_errors():
                writer.add_document(document)

    def delete(self, chunks: Iterable[int]) -> None:
        """Take chunks out; counts from the next commit."""
        import tantivy

        # Deleting by term would take a number for a signed one and find nothing.
        members = tantivy.Query.term_set_query(self._schema, "chunk", list(chunks))
        with _plain_errors():
            self._open_writer().delete_documents_by_query(members)

    def commit(self) -> int:
        """Make all changes durable; returns the new stamp."""
        with _plain_errors():
            stamp = int(self._open_writer().commit())
            self._index.reload()
        self._latest = None
        self._open_to_readers()
        return stamp

    def close(self) -> None:
        """Let merges come to their end."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            with _plain_errors():
                writer.wait_merging_threads()
            self._open_to_readers()

    def chunks(self) -> int:
        """How many chunks are in it."""
        return int(self._index.searcher().num_docs)

    def languages(self) -> tuple[str, ...]:
        """The languages of its documents, the most frequent first."""
        return tuple(self._count_languages()) or (UNKNOWN,)

    def _count_languages(self) -> dict[str, int]:
        with _plain_errors():
            return dict(self._index.searcher().terms_with_prefix("language", ""))

    def search(self, text: str, limit: int, allowed: Rows | None = None) -> tuple[Scores, Rows]:
        """The best chunks for the words of a text: scores float32 [m] and chunk numbers int64 [m].

        Args:
            allowed: Chunk numbers to search among, if they are few enough to be part of the query.
        """
        with _plain_errors():
            query = self._question(text)
        if allowed is not None:
            query = self._query.among(query, allowed)
        return self._best(query, limit)

    def having(self, quote: str) -> Iterator[Rows]:
        """For each word of a quote the chunks that may have it, int64 ascending, the rarest word first."""
        import tantivy

        searcher = self._index.searcher()
        words = quote_terms(quote, self.languages())
        with _plain_errors():
            counts = {word: sum(searcher.doc_freq(*term) for term in word) for word in words}
        for word in sorted(counts, key=counts.__getitem__):
            queries = [tantivy.Query.term_query(self._schema, *term, "basic") for term in word]
            any_of = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
            yield np.sort(self._best(any_of, self.chunks())[1])

    def count(self, field: str, term: str) -> int:
        """How many chunks have a term in a field."""
        return int(self._index.searcher().doc_freq(field, term))

    def beginning(self, field: str, prefix: str, limit: int) -> list[str]:
        """The most frequent terms of a field that begin with a prefix."""
        found = self._index.searcher().terms_with_prefix(field, prefix, limit=limit)
        return [term for term, _ in found]

    def _question(self, text: str) -> Any:
        """The query of a question; that of the latest one is remembered, because it is searched for and then asked for
        the scores of other chunks."""
        if self._latest is None or self._latest[0] != text:
            languages = self._count_languages()
            names = tuple(languages) or (UNKNOWN,)
            clauses = question_clauses(text, names, compounding_languages(languages), self)
            self._latest = text, self._query.any_of(list(clauses))
        return self._latest[1]

    def _best(self, query: Any, limit: int) -> tuple[Scores, Rows]:
        searcher = self._index.searcher()
        # The library makes room for as many as it is asked for.
        limit = min(limit, max(searcher.num_docs, 1))
        with _plain_errors():
            hits = searcher.search(query, limit, count=False).hits
        chunks = searcher.fast_field_values("chunk", [address for _, address in hits])
        # Sums in float32 differ in their last digits with the order of a segment's terms.
        scores = np.array([round(score, 4) for score, _ in hits], np.float32)
        return scores, np.array(chunks, np.int64)

    def _open_to_readers(self) -> None:
        """tantivy lets nobody but the writer read its lists of files; let them be read by whom its other files are."""
        if self._path:
            for name in LISTS:
                with contextlib.suppress(OSError):  # another's file; it is as it was
                    shutil.copymode(self._path / ORDINARY, self._path / name)

    def _open_writer(self) -> Any:
        if self._writer is None:
            with _plain_errors():
                self._writer = self._index.writer(HEAP_BYTES, 1)
        return self._writer


@contextmanager
def _plain_errors() -> Iterator[None]:
    """tantivy panics over damaged files, and reports as a ValueError what the system says.

    Raises:
        ValueError: A file is damaged.
        OSError: The system reports an error, of which a writer's thread says no more than that it was killed.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ValueError(f"a file of it is damaged: {error}") from error
        found = _OF_THE_SYSTEM.search(str(error)) if isinstance(error, ValueError) else None
        if found and found[1]:
            raise OSError(int(found[1]), str(error)) from error
        if found:
            raise OSError(f"{error} ({MAY_BE_FULL})") from error
        raise


def _schema() -> Any:
    import tantivy

    terms = word_files.TERMS
    return (
        tantivy.SchemaBuilder()
        .add_unsigned_field("chunk", indexed=True, fast=True)
        .add_text_field("body", tokenizer_name=terms)
        .add_text_field("path", tokenizer_name=terms)
        .add_text_field("title", tokenizer_name=terms)
        .add_text_field("exact", tokenizer_name=terms, index_option="freq")
        .add_text_field("language", tokenizer_name=terms, index_option="basic")
        .build()
    )
