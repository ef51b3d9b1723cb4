"""A store of dictionaries: what the door promises, in as few words as Python has for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simsearch.errors import NoIndex, WorkspaceLocked
from simsearch.storage.protocols import ChunkedDocument, ChunkRecord, Counts, FileRecord, Identity, Matches
from simsearch.types import Document, Rows, Vectors

Files = dict[str, tuple[FileRecord, tuple[ChunkedDocument, ...]]]


@dataclass
class Index:
    """One complete index."""

    identity: Identity
    files: Files = field(default_factory=dict)
    settled: bool = False


class PlainStore:
    """The Store of simsearch.storage.protocols in memory."""

    def __init__(self) -> None:
        self.active: Index | None = None
        self.building: Index | None = None
        self.vectors: dict[str, dict[str, Vectors]] = {}
        self.written = False

    def exists(self) -> bool:
        return self.active is not None

    def read(self) -> PlainReader:
        if self.active is None:
            raise NoIndex("There is no index yet.")
        return PlainReader(deepcopy(self.active), dict(self.vectors[self.active.identity.fingerprint]))

    def write(self, identity: Identity) -> PlainWriter:
        if self.written:
            raise WorkspaceLocked("Another writer is writing.")
        return PlainWriter(self, identity)


class PlainReader:
    def __init__(self, index: Index, vectors: dict[str, Vectors]) -> None:
        self.identity = index.identity
        self.settled = index.settled
        self.whole = True
        self._files = index.files
        self._vectors = vectors
        self._records: list[ChunkRecord] = []
        self._rows: list[Vectors] = []
        for path, (record, documents) in sorted(index.files.items()):
            for document in documents:
                for chunk, key in zip(document.chunks, document.keys, strict=True):
                    self._records.append(_record(len(self._records), path, record, document, chunk))
                    self._rows.append(vectors[key])

    def files(self, root: str | None = None) -> dict[str, FileRecord]:
        return {path: r for path, (r, _) in self._files.items() if root in (None, r.root)}

    def notices(self) -> dict[str, tuple[str, ...]]:
        found = {
            path: tuple(dict.fromkeys(notice for item in documents for notice in item.document.notices))
            for path, (_, documents) in self._files.items()
        }
        return {path: notices for path, notices in found.items() if notices}

    def documents(self, path: str) -> list[Document]:
        return [item.document for item in self._files[path][1]] if path in self._files else []

    def chunked(self, path: str) -> list[ChunkedDocument]:
        return list(self._files[path][1]) if path in self._files else []

    def vectors(self, keys: Sequence[str]) -> Vectors:
        return np.stack([self._vectors[key].astype(np.float32) for key in keys])

    def search(self, vectors: Vectors, k: int, allowed: Rows | None = None) -> list[Matches]:
        return [self._search(query, k, allowed) for query in vectors]

    def _search(self, query: Vectors, k: int, allowed: Rows | None) -> Matches:
        scores = [float(np.float32((row.astype(np.float64) * query).sum())) for row in self._rows]
        rows = set(range(len(scores)))
        if allowed is not None:
            rows &= set(allowed.tolist())
        best = sorted(rows, key=lambda row: (-scores[row], row))[:k]
        return Matches(np.array(best, np.int64), np.array([scores[row] for row in best], np.float32))

    def search_words(self, text: str, k: int, allowed: Rows | None = None) -> Matches:
        """Without BM25: what shares most words first."""
        words = set(text.split())
        shared = {r.chunk: len(words & set(f"{r.title} {r.prefix} {r.text}".split())) for r in self._records}
        found = [c for c, n in shared.items() if n and (allowed is None or c in allowed)]
        best = sorted(found, key=lambda c: (-shared[c], c))[:k]
        return Matches(np.array(best, np.int64), np.array([shared[c] for c in best], np.float32))

    def chunks(self, numbers: Sequence[int]) -> list[ChunkRecord]:
        return [self._records[int(n)] for n in numbers if 0 <= n < len(self._records)]

    def every_chunk(self) -> Iterator[ChunkRecord]:
        return iter(self._records)

    def counts(self) -> Counts:
        documents = [document for _, documents in self._files.values() for document in documents]
        keys = {key for document in documents for key in document.keys}
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

    def files(self, root: str | None = None) -> dict[str, FileRecord]:
        return {path: r for path, (r, _) in self._index.files.items() if root in (None, r.root)}

    def missing(self, keys: Sequence[str]) -> set[str]:
        return set(keys) - set(self._vectors)

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        for key, vector in zip(keys, vectors, strict=True):
            self._vectors.setdefault(key, vector.astype(np.float16))

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
        self._store.active.settled = True
        if moved:
            self._store.building = None

    def __enter__(self) -> PlainWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.written = False


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
