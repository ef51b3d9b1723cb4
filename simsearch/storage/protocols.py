"""The door to storage: what a store must do. SQLite with FAISS and tantivy stand behind it today.

An index has an identity (model and chunker). A writer whose identity is the index's own changes it in
place, each commit visible at once; a writer of another identity builds a new index beside it, which
takes the old one's place in one step at `finish`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from simsearch.storage.conditions import Condition
from simsearch.types import Chunk, Document, Rows, Scores, Vectors


@dataclass(frozen=True, slots=True)
class Identity:
    """What decides an index's chunks and vectors.

    Args:
        model: The name by which the model is found again (see simsearch.embedding.find_model).
        fingerprint: The model's own, sha256.
        dimension: Length of its vectors.
        chunker: The component string that cut the chunks.
        readers: Those of the readers that were asked for, sorted, apart by spaces; empty for those by default.
    """

    model: str
    fingerprint: str
    dimension: int
    chunker: str
    readers: str = ""

    @property
    def cut_by(self) -> str:
        """What made chunks of files, in words."""
        return f"{self.chunker} {self.readers}".rstrip()

    def same_index(self, other: Identity) -> bool:
        """Whether both make the same index; a model may change its name."""
        return replace(self, model=other.model) == other


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when it was indexed.

    Args:
        path: Relative to the workspace's folder, with forward slashes.
        root: The PATH given to `index` under which it was found, written the same way.
        digest: sha256 of its content.
        size: Bytes.
        modified: Nanoseconds since the epoch.
    """

    path: str
    root: str
    digest: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class ChunkedDocument:
    """A document with its chunks and, for each chunk, the key of its vector (hash of the embedded string)."""

    document: Document
    chunks: tuple[Chunk, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChunkRecord:
    """A stored chunk with what a hit shows of its document.

    Args:
        chunk: The store's own number for it.
        lines: First and last line from 1; None where the text is not the file itself.
    """

    chunk: int
    path: str
    id: str
    title: str
    text: str
    start: int
    end: int
    lines: tuple[int, int] | None
    prefix: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


Place = tuple[str, int, int]
"""Where a chunk stands, to order equals by: its path, its document's number, its first character."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Chunks found: `chunks` int64 [m] and `scores` float32 [m], best first."""

    chunks: Rows
    scores: Scores


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an index holds."""

    files: int
    documents: int
    chunks: int
    vectors: int
    bytes: int


@dataclass(frozen=True, slots=True)
class DenseIndex:
    """How the nearest chunks are found.

    Args:
        kind: `exact`, or `ivf` where an exact search would take longer than the setting index.latency allows.
        approximate: Chunks that are searched approximately; all others are searched exactly.
        recall: Share of the ten nearest that is found, the lowest that was measured; 1 where all is exact.
        lists: Of the largest approximate part; a query reads `probes` of them.
        milliseconds: What a query was measured to take.
        measured: The date of the oldest of these measures, as 2026-01-31; empty where nothing was measured.
    """

    kind: str
    approximate: int
    recall: float
    lists: int
    probes: int
    milliseconds: float
    measured: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check found: what is wrong, where, and what mends it (or has mended it)."""

    what: str
    where: str
    fix: str


class Snapshot(Protocol):
    """A consistent snapshot of the index; later commits don't change it."""

    @property
    def identity(self) -> Identity: ...

    @property
    def settled(self) -> bool:
        """Whether the last writer finished; after one that was killed, another should, though nothing has changed."""

    @property
    def whole(self) -> bool:
        """Whether all derived files can be used; where they can't, a writer should make them anew, though nothing has
        changed."""

    def files(self, root: str | None = None) -> dict[str, FileRecord]:
        """Every file by path, or those formerly found under one root."""

    def documents(self, path: str) -> list[Document]:
        """The documents of one file, as the snapshot component made them."""

    def notices(self) -> dict[str, tuple[str, ...]]:
        """What was not read or was guessed, by path, for the files that have such notices."""

    def chunked(self, path: str) -> list[ChunkedDocument]:
        """The documents of one file with their chunks, in the order of every_chunk."""

    def vectors(self, keys: Sequence[str]) -> Vectors:
        """The vectors of these keys, which all have one: float32 [len(keys), d]."""

    def search(self, vectors: Vectors, k: int, allowed: Rows | None = None) -> list[Matches]:
        """The k nearest chunks of each row of `vectors` (float32 [q, d], unit length), by cosine;
        among the chunk numbers in `allowed` only, where given. Fewer only where fewer exist."""

    def search_words(self, text: str, k: int, allowed: Rows | None = None) -> Matches:
        """The k best chunks for the words of a text, by BM25."""

    def chunks(self, numbers: Sequence[int]) -> list[ChunkRecord]:
        """The records of these chunks in the order asked; unknown numbers are left out."""

    def places(self, numbers: Sequence[int]) -> dict[int, Place]:
        """Where these chunks stand; unknown numbers are left out."""

    def ids(self, numbers: Sequence[int]) -> dict[int, str]:
        """The id of each chunk's document; unknown numbers are left out."""

    def document_ids(self) -> Iterator[str]:
        """The id of every document."""

    def near_duplicates(self, threshold: float) -> list[Rows]:
        """Groups of chunks, int64 [m] ascending each, by their first: every one has another of its group at a cosine
        of `threshold` or more."""

    def chunk_counts(self, documents: Sequence[int]) -> dict[int, int]:
        """How many chunks each document has, by the document's number as `places` gives it."""

    def sample(self, count: int) -> list[ChunkRecord]:
        """About so many chunks from all over the index, the same ones each time."""

    def with_phrases(self, text: str, allowed: Rows | None = None) -> Rows | None:
        """The chunks that have every phrase of a text which stands in double quotes there, int64 [m], ascending;
        None where there is no such phrase."""

    def every_chunk(self) -> Iterator[ChunkRecord]:
        """All chunks, by path and start."""

    def matching(self, condition: Condition) -> Rows:
        """The chunks of the documents that meet a condition: int64 [m], ascending."""

    def has_field(self, field: str) -> bool:
        """Whether a condition can name the field: any document has a value for it."""

    def fields(self) -> list[str]:
        """Every field that a condition can name."""

    def counts(self) -> Counts: ...

    def dense_index(self) -> DenseIndex: ...

    def close(self) -> None: ...


class Writer(Protocol):
    """Changes the index; the one writer at a time. A context manager: leaving it without `finish`
    keeps what was committed and drops the rest."""

    @property
    def in_place(self) -> bool:
        """True where the identity is the active index's own; False while a new one is being built."""

    def files(self, root: str | None = None) -> dict[str, FileRecord]:
        """The files that this writer's index holds already (of a resumed build: those done so far)."""

    def missing(self, keys: Sequence[str]) -> set[str]:
        """Those keys that have no vector yet under this model."""

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors, float32 [len(keys), d], under this model and these keys."""

    def put_file(self, file: FileRecord, documents: Sequence[ChunkedDocument]) -> None:
        """Put a file in the place of what the index held of its path; every key has its vector."""

    def touch(self, file: FileRecord) -> None:
        """Renew a file's size and time; its content is the same."""

    def remove(self, paths: Sequence[str]) -> None:
        """Drop files."""

    def commit(self) -> None:
        """Make all so far durable (and visible, where in place)."""

    def give_up_move(self) -> None:
        """Drop what was built so far of an index with another identity, with the next commit."""

    def finish(self) -> None:
        """Commit; put a newly built index in the place of the old one; tidy up (merge segments)."""

    def __enter__(self) -> Writer: ...

    def __exit__(self, *_: object) -> None: ...


class Store(Protocol):
    """Where an index is kept."""

    def exists(self) -> bool:
        """True once an index was finished or committed."""

    def read(self) -> Snapshot:
        """Open a snapshot.

        Raises:
            NoIndex: Nothing has been indexed yet.
        """

    def write(self, identity: Identity) -> Writer:
        """Open for writing.

        Raises:
            WorkspaceLocked: Another process is writing; names it.
        """
