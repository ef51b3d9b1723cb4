"""A snapshot of the active index: the rows that its commit sees."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from simsearch.errors import StorageError
from simsearch.storage.conditions import Condition
from simsearch.storage.field_values import searchable_fields
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
from simsearch.storage.vector_checks import demand_questions
from simsearch.types import Chunk, Document, Rows, Scores, Vectors
from simsearch_milvus.connecting import AT_ONCE, Connection, Server
from simsearch_milvus.dense import score_nearest, search_nearest
from simsearch_milvus.filters import Filters
from simsearch_milvus.numbers import number_of
from simsearch_milvus.quoted_texts import StoredTexts
from simsearch_milvus.records import (
    StoredChunk,
    StoredFile,
    chunks_of_files,
    collections_of,
    document_rows,
    read_documents,
    read_files,
    reader_of,
)
from simsearch_milvus.schema import Kind
from simsearch_milvus.state import Generation, State, embedded, living, read_state
from simsearch_milvus.values import list_values
from simsearch_milvus.words.search import WordSearch
from simsearch_milvus.words.terms import TermReader

FILES_AT_ONCE = 50


class MilvusSnapshot:
    """The Snapshot of simsearch.storage.protocols, with the capabilities Listing, Samples and FieldValues."""

    def __init__(self, server: Server) -> None:
        self._connection: Connection = server.connect()
        self._opened = time.monotonic()
        try:
            self._state = read_state(self._connection)
            self._generation = _active(server, self._state)
        except BaseException:
            self._connection.close()
            raise
        self._of = collections_of(self._connection, self._generation)
        self._living = living(self._state, self._generation)
        self._reader = reader_of(self._connection, self._of, self._state, self._generation)
        self._terms = TermReader(self._connection, self._of.lookup, self._generation)
        self._words = WordSearch(
            self._connection, self._of.chunks, self._reader, self._terms, self._generation
        )
        self._filters = Filters(
            self._connection, self._of.lookup, lambda: self._file_numbers, self._find_quotes
        )
        self._latest: tuple[Condition, str] | None = None

    @property
    def identity(self) -> Identity:
        return self._generation.identity

    @property
    def analysed(self) -> bool:
        """Whether questions are analysed as the texts were; the next `index` sees to it."""
        return self._generation.analysed

    @property
    def finished(self) -> bool:
        return self._generation.finished and not self._generation.pending and self.analysed

    def counts(self) -> Counts:
        generation = self._generation
        return Counts(generation.files, generation.documents, generation.chunks, generation.vectors, 0)

    def coverage(self) -> Coverage:
        return self._generation.coverage

    def dense_index(self) -> DenseIndex:
        return DenseIndex("exact", 0, 1.0, 0, 0, 0.0, "")

    def search(self, vectors: Vectors, k: int, condition: Condition | None = None) -> list[Matches]:
        demand_questions(self.identity, vectors)
        wanted = f"{self._expression(condition)} and {embedded(self._state)}"
        return [
            search_nearest(self._connection, self._of.chunks, self._reader, query, k, wanted)
            for query in vectors
        ]

    def search_words(self, text: str, k: int, condition: Condition | None = None) -> Matches:
        return self._words.search(text, k, self._expression(condition))

    def score(self, vectors: Vectors, chunks: Sequence[int]) -> Scores:
        demand_questions(self.identity, vectors)
        wanted = f"{self._visible()} and {embedded(self._state)}"
        known = score_nearest(
            self._connection, self._of.chunks, vectors, sorted(set(map(int, chunks))), wanted
        )
        unknown = np.full(len(vectors), np.nan, np.float32)
        columns = [known.get(int(chunk), unknown) for chunk in chunks]
        return np.array(columns, np.float32).reshape(len(columns), len(vectors)).T

    def score_words(self, text: str, chunks: Sequence[int]) -> Scores:
        found = self._found(chunks)
        scores = dict(zip(found, self._words.score(text, list(found.values())).tolist(), strict=True))
        return np.array([scores.get(int(chunk), 0.0) for chunk in chunks], np.float32)

    def count(self, condition: Condition) -> int:
        return self._connection.count(self._of.chunks, self._expression(condition))

    def matching(self, condition: Condition) -> Rows:
        found = self._connection.every_number(self._of.chunks, self._expression(condition))
        return np.array(sorted(found), np.int64)

    def fields(self) -> list[str]:
        self._visible()
        return searchable_fields(self._terms.names())

    def list_values(self, field: str, most: int) -> list[str]:
        self._visible()
        return list_values(self._connection, self._of.lookup, field, self._document_numbers)[:most]

    def chunks(self, numbers: Sequence[int]) -> list[ChunkRecord]:
        found = self._found(numbers)
        return [found[int(n)].record(self._state.commit) for n in numbers if int(n) in found]

    def places(self, numbers: Sequence[int]) -> dict[int, Place]:
        self._visible()
        return self._reader.of(numbers)

    def files(self) -> dict[str, FileRecord]:
        return {path: file.record for path, file in self._files.items()}

    def documents(self, path: str) -> list[Document]:
        return [document for _, document in self._documents(path)]

    def notices(self) -> dict[str, tuple[str, ...]]:
        noticed = f"kind == {int(Kind.DOCUMENT)} and notices > 0 and number < {self._generation.next}"
        rows = self._connection.rows(self._of.records, noticed, ["owner"])
        living = {file.number for file in self._files.values()}
        found: dict[str, dict[str, None]] = {}
        for about in self._reader.documents(row["number"] for row in rows if row["owner"] in living).values():
            found.setdefault(about["path"], {}).update(dict.fromkeys(about["notices"]))
        return {path: tuple(found[path]) for path in sorted(found)}

    def every_chunk(self) -> Iterator[ChunkRecord]:
        files = list(self._files.values())
        for start in range(0, len(files), FILES_AT_ONCE):
            part, wanted = files[start : start + FILES_AT_ONCE], self._visible()
            for chunk in chunks_of_files(self._connection, self._of, self._reader, part, wanted):
                yield chunk.record(self._state.commit)

    def chunked(self, path: str) -> list[ChunkedDocument]:
        if path not in self._files:
            return []
        found: dict[int, list[tuple[Chunk, str]]] = {}
        file = [self._files[path]]
        for chunk in chunks_of_files(self._connection, self._of, self._reader, file, self._visible()):
            about = chunk.about
            own = Chunk(about["start"], about["end"], about["prefix"]), about["key"]
            found.setdefault(chunk.document, []).append(own)
        return [
            ChunkedDocument(
                document, tuple(c for c, _ in found.get(n, ())), tuple(k for _, k in found.get(n, ()))
            )
            for n, document in self._documents(path)
        ]

    def missing(self, keys: Sequence[str]) -> set[str]:
        return set(keys) - set(self._read_vectors(keys, ()))

    def vectors(self, keys: Sequence[str]) -> Vectors:
        found = self._read_vectors(keys, ["dense"])
        rows = [found[key] for key in keys]
        return np.array(rows, np.float32).reshape(len(keys), self.identity.dimension)

    def document_ids(self) -> Iterator[str]:
        from simsearch.storage.document_ids import document_id

        numbers = sorted(self._document_numbers)
        for start in range(0, len(numbers), AT_ONCE):
            for about in self._reader.documents(numbers[start : start + AT_ONCE]).values():
                yield document_id(about["name"], about["path"], about["root"])

    def sample(self, count: int) -> list[ChunkRecord]:
        numbers = list(self._connection.every_number(self._of.chunks, self._visible()))
        return self.chunks(numbers[:: max(len(numbers) // count, 1)]) if count else []

    def close(self) -> None:
        self._connection.close()

    @cached_property
    def _files(self) -> dict[str, StoredFile]:
        return read_files(self._connection, self._of, self._visible())

    @cached_property
    def _file_numbers(self) -> Mapping[str, int]:
        return {path: file.number for path, file in self._files.items()}

    @cached_property
    def _document_numbers(self) -> set[int]:
        numbers = list(self._file_numbers.values())
        return {row["number"] for row in document_rows(self._connection, self._of, numbers)}

    def _documents(self, path: str) -> list[tuple[int, Document]]:
        self._visible()
        if path not in self._files:
            return []
        return read_documents(self._connection, self._of, self._reader, self._files[path])

    def _found(self, numbers: Sequence[int]) -> dict[int, StoredChunk]:
        self._visible()
        return self._reader.chunks(numbers)

    def _read_vectors(self, keys: Sequence[str], columns: Sequence[str]) -> dict[str, object]:
        """What is stored of these keys' chunks that have a vector."""
        wanted = f"{self._visible()} and {embedded(self._state)}"
        hashes = [number_of(key) for key in keys]
        by_hash = {
            row["vector"]: row.get("dense")
            for row in self._connection.among(self._of.chunks, "vector", hashes, ["vector", *columns], wanted)
        }
        return {key: by_hash[hashed] for key, hashed in zip(keys, hashes, strict=True) if hashed in by_hash}

    def _expression(self, condition: Condition | None) -> str:
        """What chunks meet that the snapshot sees and that meet a condition; both halves of a hybrid search ask for the
        same ones."""
        visible = self._visible()
        if condition is None:
            return visible
        if self._latest is None or self._latest[0] != condition:
            self._latest = condition, self._filters.expression(condition)
        return f"{visible} and {self._latest[1]}"

    def _find_quotes(self, phrases: Sequence[str]) -> list[int]:
        from simsearch.storage.words.quotes import find_quotes

        texts = StoredTexts(self._connection, self._of, self._reader, self._terms, self._living)
        return [int(chunk) for chunk in find_quotes(texts, phrases)]

    def _visible(self) -> str:
        """The expression of the rows that this snapshot sees.

        Raises:
            StorageError: The snapshot is so old that some of them may be gone.
        """
        if time.monotonic() - self._opened > self._state.keep:
            now = read_state(self._connection)
            if now.purged > self._state.commit or self._generation.id not in _kept(now):
                raise StorageError(
                    f"This view of {self._connection.server} is older than {self._state.keep} seconds, and what it "
                    "showed has been replaced; run the command again."
                )
        return self._living


def _active(server: Server, state: State) -> Generation:
    if state.active is None:
        raise server.no_index()
    return state.active


def _kept(state: State) -> set[int]:
    """The generations whose collections are there."""
    return {state.active.id if state.active else 0, *(dropped.id for dropped in state.dropped)}
