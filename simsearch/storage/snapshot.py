"""A snapshot of the active index: one SQLite read transaction with the segments it names, mapped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import numpy as np

from simsearch.storage.conditions import Condition
from simsearch.storage.database import records
from simsearch.storage.database.changes import known_keys
from simsearch.storage.database.connection import connect_to_read, explain_errors, identify_database
from simsearch.storage.database.generations import Generation, find_generation
from simsearch.storage.database.matching import count_values, find_matching, list_values, read_fields
from simsearch.storage.database.places import Places
from simsearch.storage.database.segment_records import SegmentRecord, describe_segments, read_segment_records
from simsearch.storage.database.vectors import look_up, read_vectors, read_vectors_of
from simsearch.storage.dense.exact import exact_scores
from simsearch.storage.dense.flat import FlatSegment
from simsearch.storage.dense.near_duplicates import find_near_duplicates
from simsearch.storage.dense.search import search_segments
from simsearch.storage.dense.segments import Segment, open_segment
from simsearch.storage.local_records import LocalRecords, begin_reading
from simsearch.storage.protocols import (
    ChunkedDocument,
    ChunkRecord,
    Counts,
    Coverage,
    DenseIndex,
    FileRecord,
    Identity,
    Matches,
    Place,
)
from simsearch.storage.sizes import size_on_disk
from simsearch.storage.vector_checks import demand_questions
from simsearch.storage.words.quoted_texts import IndexedTexts
from simsearch.storage.words.quotes import find_quotes
from simsearch.storage.words.search import search_words
from simsearch.storage.words.upkeep import open_words, words_in_memory
from simsearch.storage.words.word_files import words_version
from simsearch.storage.words.words_index import WordsIndex
from simsearch.types import Document, Notice, Observer, Rows, Scores, Vectors

A = TypeVar("A")


class LocalSnapshot:
    """The Snapshot of simsearch.storage.protocols over a folder."""

    def __init__(self, folder: Path, latency: float, observe: Observer | None = None) -> None:
        self._folder = folder
        self._latency = latency
        self._observe = observe
        self._words: WordsIndex | None = None
        with explain_errors(folder):
            self._file = identify_database(folder)
            self._connection = connect_to_read(folder)
            try:
                self._generation, self._segments = self._open_generation()
            except BaseException:
                self._connection.close()
                raise
        self._records = LocalRecords(folder, self._connection, self._generation)
        self._words_version = words_version(folder, self._generation.words)
        self._places = Places(self._connection)
        self._latest: tuple[Condition, Rows] | None = None

    @property
    def identity(self) -> Identity:
        return self._generation.identity

    @property
    def finished(self) -> bool:
        return self._records.finished

    def files(self) -> dict[str, FileRecord]:
        return self._records.files()

    def coverage(self) -> Coverage:
        return self._records.coverage()

    def documents(self, path: str) -> list[Document]:
        with explain_errors(self._folder):
            return records.read_documents(self._connection, self._generation.id, path)

    def notices(self) -> dict[str, tuple[str, ...]]:
        with explain_errors(self._folder):
            return records.read_notices(self._connection, self._generation.id)

    def chunked(self, path: str) -> list[ChunkedDocument]:
        with explain_errors(self._folder):
            return records.read_chunked(self._connection, self._generation.id, path)

    def missing(self, keys: Sequence[str]) -> set[str]:
        with explain_errors(self._folder):
            return set(keys) - known_keys(self._connection, self._generation.model, keys)

    def vectors(self, keys: Sequence[str]) -> Vectors:
        with explain_errors(self._folder):
            stored = read_vectors_of(self._connection, self._generation, keys)
        codes = np.frombuffer(b"".join(stored[key] for key in keys), "<f2")
        return codes.astype(np.float32).reshape(len(keys), self.identity.dimension)

    def search(self, vectors: Vectors, k: int, condition: Condition | None = None) -> list[Matches]:
        demand_questions(self.identity, vectors)
        with explain_errors(self._folder):
            allowed = self._allowed(condition)
            try:
                return search_segments(self._places, self._segments, vectors, k, allowed)
            except ValueError as error:
                records = read_segment_records(self._connection, self._generation.id)
                self._segments = [self._read_segment(self._generation, record, error) for record in records]
                return search_segments(self._places, self._segments, vectors, k, allowed)

    def search_words(self, text: str, k: int, condition: Condition | None = None) -> Matches:
        allowed = self._allowed(condition)
        return self._ask_words(lambda words: search_words(self._places, words, text, k, allowed))

    def score(self, vectors: Vectors, chunks: Sequence[int]) -> Scores:
        demand_questions(self.identity, vectors)
        with explain_errors(self._folder):
            found, codes = look_up(self._connection, chunks, self.identity.dimension)
        row = {chunk: place for place, chunk in enumerate(found.tolist())}
        places = [row.get(int(chunk), -1) for chunk in chunks]
        scores = np.full(
            (len(vectors), len(found) + 1), np.nan, np.float32
        )  # the last one is of unknown chunks
        wide = codes.astype(np.float64)  # once for all vectors
        for i, query in enumerate(vectors):
            scores[i, :-1] = exact_scores(wide, query)
        chosen: Scores = scores[:, places]
        return chosen

    def score_words(self, text: str, chunks: Sequence[int]) -> Scores:
        wanted = np.unique(np.array(chunks, np.int64))
        found = self._ask_words(lambda words: search_words(self._places, words, text, len(wanted), wanted))
        scores = dict(zip(found.chunks.tolist(), found.scores.tolist(), strict=True))
        return np.array([scores.get(int(chunk), 0.0) for chunk in chunks], np.float32)

    def count(self, condition: Condition) -> int:
        return len(self.matching(condition))

    def matching(self, condition: Condition) -> Rows:
        """The chunks that meet a condition, int64 ascending; both parts of a hybrid search ask for the same ones."""
        if self._latest is None or self._latest[0] != condition:
            with explain_errors(self._folder):
                found = find_matching(self._connection, self._generation.id, condition, self._find_quotes)
            self._latest = condition, found
        return self._latest[1]

    def fields(self) -> list[str]:
        with explain_errors(self._folder):
            return read_fields(self._connection, self._generation.id)

    def list_values(self, field: str, most: int) -> list[str]:
        with explain_errors(self._folder):
            return list_values(self._connection, self._generation.id, field, most)

    def count_values(self, field: str, most: int) -> list[tuple[str, int]]:
        with explain_errors(self._folder):
            return count_values(self._connection, self._generation.id, field, most)

    def chunks(self, numbers: Sequence[int]) -> list[ChunkRecord]:
        with explain_errors(self._folder):
            return records.read_chunks(self._connection, numbers)

    def places(self, numbers: Sequence[int]) -> dict[int, Place]:
        with explain_errors(self._folder):
            return self._places.of(numbers)

    def document_ids(self) -> Iterator[str]:
        with explain_errors(self._folder):
            yield from records.read_document_ids(self._connection, self._generation.id)

    def near_duplicates(self, threshold: float) -> list[Rows]:
        with explain_errors(self._folder):
            return find_near_duplicates(self._connection, self._generation, threshold)

    def chunk_counts(self, documents: Sequence[int]) -> dict[int, int]:
        with explain_errors(self._folder):
            return records.read_chunk_counts(self._connection, documents)

    def sample(self, count: int) -> list[ChunkRecord]:
        with explain_errors(self._folder):
            return records.read_sample(self._connection, self._generation.id, count)

    def every_chunk(self) -> Iterator[ChunkRecord]:
        with explain_errors(self._folder):
            yield from records.read_every_chunk(self._connection, self._generation.id)

    def counts(self) -> Counts:
        with explain_errors(self._folder):
            files, documents, chunks, vectors = self._connection.execute(
                "SELECT g.files, g.documents, g.chunks, m.vectors FROM generations g "
                "JOIN models m ON m.id = g.model WHERE g.id = ?",
                (self._generation.id,),
            ).fetchone()
            return Counts(files, documents, chunks, vectors, size_on_disk(self._folder))

    def dense_index(self) -> DenseIndex:
        with explain_errors(self._folder):
            return describe_segments(read_segment_records(self._connection, self._generation.id))

    def close(self) -> None:
        self._segments, self._words = [], None
        self._connection.close()

    def _allowed(self, condition: Condition | None) -> Rows | None:
        return None if condition is None else self.matching(condition)

    def _find_quotes(self, phrases: Sequence[str]) -> Rows:
        number = self._generation.id
        return self._ask_words(
            lambda words: find_quotes(IndexedTexts(self._connection, number, words), phrases)
        )

    def _open_generation(self) -> tuple[Generation, list[Segment]]:
        """The active generation with its segments, all of one moment; a writer may replace them meanwhile."""
        looked = self._read_generation()
        while True:
            generation, records = looked
            try:
                return generation, [self._open_segment(generation, record) for record in records]
            except (OSError, ValueError):
                self._connection.execute("ROLLBACK")
                before, looked = looked, self._read_generation()
                if looked == before:
                    return generation, [self._open_or_read(generation, record) for record in records]

    def _read_generation(self) -> tuple[Generation, list[SegmentRecord]]:
        generation = begin_reading(self._connection, self._folder)
        return generation, read_segment_records(self._connection, generation.id)

    def _open_segment(self, generation: Generation, record: SegmentRecord) -> Segment:
        return open_segment(
            self._connection, self._folder, record, generation.identity.dimension, self._latency
        )

    def _open_or_read(self, generation: Generation, record: SegmentRecord) -> Segment:
        try:
            return self._open_segment(generation, record)
        except (OSError, ValueError) as error:
            return self._read_segment(generation, record, error)

    def _read_segment(self, generation: Generation, record: SegmentRecord, error: Exception) -> Segment:
        self._warn(
            f"A FAISS file of the index can't be used ({error}); its vectors are read from the database, "
            "which is slower. `simsearch check --repair` rebuilds it."
        )
        chunks, codes = read_vectors(self._connection, generation, record.first, record.last)
        return FlatSegment(codes, chunks, None)

    def _ask_words(self, ask: Callable[[WordsIndex], A]) -> A:
        """What the word index says: opened at the first question, again where a writer has replaced it since, and
        rebuilt where it is damaged."""
        with explain_errors(self._folder):
            while True:
                try:
                    return ask(self._open_words())
                except (OSError, ValueError) as error:
                    before, self._words = self._words_version, None
                    self._words_version = words_version(self._folder, self._find_newest_words())
                    if self._words_version == before:
                        self._words = self._rebuild_words(error)
                        return ask(self._words)

    def _open_words(self) -> WordsIndex:
        if self._words is None:
            self._words = open_words(self._folder, self._words_version[0])
        return self._words

    def _find_newest_words(self) -> str:
        """The word index that a writer may have put in the place of this snapshot's since it was taken."""
        with closing(connect_to_read(self._folder)) as connection:
            now = find_generation(connection, "active")
            if now and now.id == self._generation.id and identify_database(self._folder) == self._file:
                return now.words
        return self._generation.words

    def _rebuild_words(self, error: Exception) -> WordsIndex:
        self._warn(
            f"The word index can't be used ({error}); it is rebuilt in memory for this search, which is slower. "
            "`simsearch check --repair` rebuilds it."
        )
        return words_in_memory(self._connection, self._generation.id)

    def _warn(self, text: str) -> None:
        if self._observe:
            self._observe(Notice(text, warning=True))
