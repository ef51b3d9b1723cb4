"""The words index: a tantivy index of one generation's chunks, scored by BM25.

Each chunk has four fields: its words stemmed, its document's title stemmed, its words exactly as they
stand, where an identifier such as `pg_stat_activity` or `PEP-484` is one word, and the parts of its path.
Weights were chosen on the PostgreSQL manual's own index as questions and checked on three sets of natural
questions.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.storage.database.connection import MAY_BE_FULL
from simsearch.storage.words.analysis import analyzers, quoted_phrases, stems_of_stop_words
from simsearch.storage.words.stop_words import STOP_WORDS
from simsearch.types import Rows, Scores

FOLDER = "words"
HEAP_BYTES = 64_000_000
EXACT_WEIGHT, PHRASE_WEIGHT, TITLE_WEIGHT, PATH_WEIGHT = 0.5, 0.5, 0.3, 1.0
LONGEST_PHRASE = 8
MOST_WORDS = 64
"""Of a longer question, such as a whole document, the rarest words are looked for."""

LONGEST_PATH = 300
LISTS = ("meta.json", ".managed.json")
"""What a tantivy index consists of, and what it may delete."""

ORDINARY = ".tantivy-writer.lock"
"""A file that tantivy makes as any program makes one."""

_OF_THE_SYSTEM = re.compile(r"\(os error (\d+)\)|writer was killed")

Word = tuple[int, str, str, str, str]
"""A chunk to index: its number, its file's path, its document's title, its prefix and its text."""


class WordsIndex:
    """An open words index.

    Args:
        path: Its folder, there already; without an index in it, a new one is made. None keeps a new one in
            memory.

    Raises:
        ValueError: The index is damaged.
    """

    def __init__(self, path: Path | None) -> None:
        import tantivy

        self._stemmed, self._exact = analyzers()
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, str(path) if path else None)
        self._index.config_reader("manual")
        self._index.register_tokenizer("stemmed", self._stemmed)
        self._index.register_tokenizer("exact", self._exact)
        self._path = path
        self._writer: Any = None

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

    def add(self, chunks: Iterable[Word]) -> int:
        """Add chunks; counts from the next commit. Returns the last one's number, 0 without any."""
        import tantivy

        writer, number = self._open_writer(), 0
        for number, path, title, prefix, text in chunks:
            body = "\n".join((title, prefix, text))
            document = tantivy.Document()
            document.add_unsigned("chunk", number)
            document.add_text("path", path)
            document.add_text("title", title)
            document.add_text("body", body)
            document.add_text("exact", body)
            with _plain_errors():
                writer.add_document(document)
        return number

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

    def search(self, text: str, limit: int, allowed: Rows | None = None) -> tuple[Scores, Rows]:
        """The best chunks for the words of a text: scores float32 [m] and chunk numbers int64 [m].

        Words in double quotes must stand in the chunk as they are quoted; of the others, more is better.

        Args:
            allowed: Chunk numbers to search among, where they are few enough to be part of the question.
        """
        query = self._query(text)
        if allowed is not None:
            query = self._among(query, allowed)
        searcher = self._index.searcher()
        # The library makes room for as many as it is asked for.
        limit = min(limit, max(searcher.num_docs, 1))
        with _plain_errors():
            hits = searcher.search(query, limit, count=False).hits
        chunks = searcher.fast_field_values("chunk", [address for _, address in hits])
        # Sums in float32 differ in their last digits with the order of a segment's terms.
        scores = np.array([round(score, 4) for score, _ in hits], np.float32)
        return scores, np.array(chunks, np.int64)

    def find_phrase(self, phrase: str) -> Rows:
        """The chunks that have a phrase, int64 [m], ascending; none for a phrase without a word."""
        if not self._stemmed.analyze(phrase):
            return np.empty(0, np.int64)
        searcher = self._index.searcher()
        with _plain_errors():
            every = max(1, self.chunks())
            hits = searcher.search(self._phrase("body", phrase), every, count=False).hits
        chunks = searcher.fast_field_values("chunk", [address for _, address in hits])
        return np.sort(np.array(chunks, np.int64))

    def _query(self, text: str) -> Any:
        import tantivy

        should, must = tantivy.Occur.Should, tantivy.Occur.Must
        loose = self._loose_parts(text.replace('"', " "))
        parts = [
            *((must, self._phrase("body", phrase)) for phrase in quoted_phrases(text)),
            *((should, part) for part in loose),
        ]
        return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.empty_query()

    def _loose_parts(self, text: str) -> Iterator[Any]:
        """Each word by itself in each field, and all of them in their order; paths by their parts."""
        words = self._stemmed.analyze(text)
        for word in self._telling("body", words, stems_of_stop_words()):
            yield self._term("body", word)
            yield self._weighed(self._term("title", word), TITLE_WEIGHT)
        for word in self._telling("exact", self._exact.analyze(text), STOP_WORDS):
            yield self._weighed(self._term("exact", word, "freq"), EXACT_WEIGHT)
        if 1 < len(words) <= LONGEST_PHRASE:
            yield self._weighed(self._phrase("body", text), PHRASE_WEIGHT)
        for path in _paths(text):
            if self._stemmed.analyze(path):
                yield self._weighed(self._phrase("path", path), PATH_WEIGHT)

    def _telling(self, field: str, words: Sequence[str], stop_words: frozenset[str]) -> list[str]:
        """The distinct words that are no stop words (all, where there are no others), the rarest of many."""
        distinct = list(dict.fromkeys(words))
        telling = [word for word in distinct if word not in stop_words] or distinct
        if len(telling) <= MOST_WORDS:
            return telling
        searcher = self._index.searcher()
        counts = {word: searcher.doc_freq(field, word) for word in telling}
        return sorted((word for word in telling if counts[word]), key=counts.__getitem__)[:MOST_WORDS]

    def _phrase(self, field: str, text: str) -> Any:
        import tantivy

        words = self._stemmed.analyze(text)
        if len(words) == 1:
            return self._term(field, words[0])
        return tantivy.Query.phrase_query(self._schema, field, words)

    def _term(self, field: str, word: str, index_option: str = "position") -> Any:
        import tantivy

        return tantivy.Query.term_query(self._schema, field, word, index_option)

    def _weighed(self, query: Any, weight: float) -> Any:
        import tantivy

        return tantivy.Query.boost_query(query, weight)

    def _among(self, query: Any, allowed: Rows) -> Any:
        import tantivy

        members = tantivy.Query.term_set_query(self._schema, "chunk", [int(number) for number in allowed])
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query(
            [(must, query), (must, tantivy.Query.const_score_query(members, 0.0))]
        )

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


def _paths(text: str) -> list[str]:
    """What may be the path or the name of a file."""
    words = (word.strip("()[]{}<>,;:?!'`") for word in text.split())
    return [word for word in words if len(word) <= LONGEST_PATH and ("/" in word or "." in word[1:-1])][
        :MOST_WORDS
    ]


def _schema() -> Any:
    import tantivy

    return (
        tantivy.SchemaBuilder()
        .add_unsigned_field("chunk", indexed=True, fast=True)
        .add_text_field("body", tokenizer_name="stemmed")
        .add_text_field("path", tokenizer_name="stemmed")
        .add_text_field("title", tokenizer_name="stemmed")
        .add_text_field("exact", tokenizer_name="exact", index_option="freq")
        .build()
    )
