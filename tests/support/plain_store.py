"""A store of dictionaries: what the protocols promise, in as few lines as possible."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from typing import Any

import numpy as np

from simsearch.errors import NoIndex, WorkspaceLocked
from simsearch.storage.conditions import And, Condition, FieldComparison, Not, Or, Quotes
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
from simsearch.types import Document, Rows, Scores, Vectors

Files = dict[str, tuple[FileRecord, tuple[ChunkedDocument, ...]]]


@dataclass
class Index:
    """One complete index."""

    identity: Identity
    files: Files = field(default_factory=dict)
    finished: bool = False


class PlainStore:
    """The Store of simsearch.storage.protocols in memory."""

    def __init__(self) -> None:
        self.active: Index | None = None
        self.building: Index | None = None
        self.vectors: dict[str, dict[str, Vectors]] = {}
        self.written = False

    def exists(self) -> bool:
        return self.active is not None

    def read(self) -> PlainSnapshot:
        if self.active is None:
            raise NoIndex("There is no index yet.")
        return PlainSnapshot(deepcopy(self.active), dict(self.vectors[self.active.identity.fingerprint]))

    def write(self, identity: Identity) -> PlainWriter:
        if self.written:
            raise WorkspaceLocked("Another writer is writing.")
        return PlainWriter(self, identity)


class PlainSnapshot:
    def __init__(self, index: Index, vectors: dict[str, Vectors]) -> None:
        self.identity = index.identity
        self._finished = index.finished
        self._files = index.files
        self._vectors = vectors
        self._records: list[ChunkRecord] = []
        self._rows: list[Vectors | None] = []
        for path, (record, documents) in sorted(index.files.items()):
            for document in documents:
                for chunk, key in zip(document.chunks, document.keys, strict=True):
                    made = _record(len(self._records), path, record, document, chunk)
                    self._records.append(replace(made, pending=key not in vectors))
                    self._rows.append(vectors.get(key))

    @property
    def finished(self) -> bool:
        return self._finished and not self.coverage().pending

    def coverage(self) -> Coverage:
        return Coverage(len(self._rows), sum(row is not None for row in self._rows))

    def files(self) -> dict[str, FileRecord]:
        return {path: record for path, (record, _) in self._files.items()}

    def notices(self) -> dict[str, tuple[str, ...]]:
        found = {
            path: tuple(dict.fromkeys(notice for item in documents for notice in item.document.notices))
            for path, (_, documents) in self._files.items()
        }
        return {path: notices for path, notices in found.items() if notices}

    def documents(self, path: str) -> list[Document]:
        return [item.document for item in self._files[path][1]] if path in self._files else []

    def search(self, vectors: Vectors, k: int, condition: Condition | None = None) -> list[Matches]:
        numbers = [r.chunk for r in self._records if not r.pending and _meets(r, condition)]
        return [_best(numbers, self.score(query[None], numbers)[0], k) for query in vectors]

    def search_words(self, text: str, k: int, condition: Condition | None = None) -> Matches:
        numbers = [record.chunk for record in self._records if _meets(record, condition)]
        scores = self.score_words(text, numbers)
        return _best([n for n, score in zip(numbers, scores, strict=True) if score], scores[scores > 0], k)

    def score(self, vectors: Vectors, chunks: Sequence[int]) -> Scores:
        rows = [self._row(chunk).astype(np.float64) for chunk in chunks]
        return np.array([[(row * query).sum() for row in rows] for query in vectors], np.float32)

    def score_words(self, text: str, chunks: Sequence[int]) -> Scores:
        """Without BM25: how many words are shared."""
        words = set(text.split())
        return np.array([len(words & _words(record)) for record in self.chunks(chunks)], np.float32)

    def count(self, condition: Condition) -> int:
        return len(self.matching(condition))

    def matching(self, condition: Condition) -> Rows:
        return np.array([r.chunk for r in self._records if _meets(r, condition)], np.int64)

    def fields(self) -> list[str]:
        return ["path", "id", "title"]

    def places(self, numbers: Sequence[int]) -> dict[int, Place]:
        return {r.chunk: Place(r.path, 0, r.start, r.id) for r in self.chunks(numbers)}

    def dense_index(self) -> DenseIndex:
        return DenseIndex("exact", 0, 1.0, 0, 0, 0.0, "")

    def _row(self, chunk: int) -> Vectors:
        row = self._rows[chunk] if 0 <= chunk < len(self._rows) else None
        return np.full(self.identity.dimension, np.nan, np.float32) if row is None else row

    def chunks(self, numbers: Sequence[int]) -> list[ChunkRecord]:
        return [self._records[int(n)] for n in numbers if 0 <= n < len(self._records)]

    def counts(self) -> Counts:
        documents = [document for _, documents in self._files.values() for document in documents]
        keys = {key for document in documents for key in document.keys if key in self._vectors}
        return Counts(len(self._files), len(documents), len(self._records), len(keys), 0)

    def close(self) -> None:
        self._records, self._rows = [], []


class PlainWriter:
    def __init__(self, store: PlainStore, identity: Identity) -> None:
        self._store = store
        self._store.written = True
        self.in_place = store.active is None or _same(store.active, identity)
        there = store.active if self.in_place else store.building
        if there is None or not _same(there, identity):
            there = Index(identity)
        self._index = Index(identity, dict(there.files))
        self._vectors = dict(store.vectors.get(identity.fingerprint, {}))

    def files(self) -> dict[str, FileRecord]:
        return {path: record for path, (record, _) in self._index.files.items()}

    def missing(self, keys: Sequence[str]) -> set[str]:
        return set(keys) - set(self._vectors)

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        for key, vector in zip(keys, vectors, strict=True):
            self._vectors.setdefault(key, vector.astype(np.float16))

    def pending(self) -> list[str]:
        files = sorted(
            self._index.files.values(), key=lambda file: (file[0].modified != 0, -file[0].modified)
        )
        keys = (key for _, documents in files for document in documents for key in document.keys)
        return list(dict.fromkeys(key for key in keys if key not in self._vectors))

    def strings(self, keys: Sequence[str]) -> dict[str, str]:
        documents = [document for _, documents in self._index.files.values() for document in documents]
        return {
            key: chunk.embedded(item.document)
            for item in documents
            for chunk, key in zip(item.chunks, item.keys, strict=True)
            if key in keys
        }

    def coverage(self) -> Coverage:
        documents = [document for _, documents in self._index.files.values() for document in documents]
        keys = [key for document in documents for key in document.keys]
        return Coverage(len(keys), sum(key in self._vectors for key in keys))

    def put_file(self, file: FileRecord, documents: Sequence[ChunkedDocument]) -> None:
        self._index.files[file.path] = (file, tuple(documents))

    def touch(self, file: FileRecord) -> None:
        if file.path in self._index.files:
            self._index.files[file.path] = (file, self._index.files[file.path][1])

    def remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._index.files.pop(path, None)

    def commit(self) -> None:
        self._store.vectors[self._index.identity.fingerprint] = dict(self._vectors)
        committed = Index(self._index.identity, dict(self._index.files))
        if self.in_place:
            self._store.active = committed
        else:
            self._store.building = committed

    def give_up_move(self) -> None:
        self._store.building = None

    def finish(self) -> None:
        moved, self.in_place = not self.in_place, True
        self.commit()
        self._store.active.finished = True
        if moved:
            self._store.building = None
            self._store.vectors = {self._index.identity.fingerprint: dict(self._vectors)}

    def __enter__(self) -> PlainWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.written = False


def _best(numbers: Sequence[int], scores: Scores, k: int) -> Matches:
    best = sorted(range(len(numbers)), key=lambda i: (-scores[i], numbers[i]))[:k]
    return Matches(np.array([numbers[i] for i in best], np.int64), scores[best])


def _meets(record: ChunkRecord, condition: Condition | None) -> bool:
    """Only what the tests ask for."""
    match condition:
        case None:
            return True
        case Quotes():
            return all(f" {phrase} " in f" {record.text} " for phrase in condition.phrases)
        case Not():
            return not _meets(record, condition.condition)
        case And():
            return all(_meets(record, part) for part in condition.conditions)
        case Or():
            return any(_meets(record, part) for part in condition.conditions)
        case FieldComparison(field="path", operator=":"):
            return fnmatch(record.path, condition.value)
        case FieldComparison(field="id", operator=":"):
            return record.id == condition.value
    raise NotImplementedError(condition)


def _words(record: ChunkRecord) -> set[str]:
    return set(f"{record.title} {record.prefix} {record.text}".split())


def _same(index: Index, identity: Identity) -> bool:
    return index.identity.same_index(identity)


def _record(number: int, path: str, file: FileRecord, item: ChunkedDocument, chunk: Any) -> ChunkRecord:
    text = item.document.text
    lines = (text.count("\n", 0, chunk.start) + 1, text.count("\n", 0, chunk.end - 1) + 1)
    return ChunkRecord(
        chunk=number,
        path=path,
        id=item.document.id or f"{file.root}{path.removeprefix(file.root)}",
        title=item.document.title,
        text=text[chunk.start : chunk.end],
        start=chunk.start,
        end=chunk.end,
        lines=lines if item.document.verbatim else None,
        prefix=chunk.prefix,
        metadata=item.document.metadata,
    )
