"""What every store must do.

An index has an identity (model, chunker and chosen readers). A writer whose identity is the index's own changes it in
place, each commit visible at once; a writer of another identity builds a new index next to it, which
takes the old one's place in one step at `finish`.
Capabilities that a store has or lacks are protocols of their own (see capabilities.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from simsearch.storage.conditions import Condition
from simsearch.types import Chunk, Document, Rows, Scores, Vectors

LENGTH_TOLERANCE = 0.01
"""How far the length of a stored vector may be from 1."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What decides an index's chunks and vectors.

    Args:
        model: The name by which the model is found again (see simsearch.embedding.find_model).
        fingerprint: The model's own, sha256.
        dimension: Length of its vectors.
        chunker: The component string that cut the chunks.
        readers: The component strings of readers chosen by the user, sorted, separated by spaces; empty by default.
    """

    model: str
    fingerprint: str
    dimension: int
    chunker: str
    readers: str = ""

    @property
    def cut_by(self) -> str:
        """What cut files into chunks, in words."""
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
        pending: Whether it has no vector yet; it can be found by its words.
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
    pending: bool = False


class Place(NamedTuple):
    """Where a chunk is. Equal scores are ordered by it.

    Args:
        path: Of its file.
        document: The store's own number for its document.
        start: Its first character in Document.text.
        id: The id of its document.
    """

    path: str
    document: int
    start: int
    id: str


@dataclass(frozen=True, slots=True)
class Matches:
    """Chunks found: `chunks` int64 [m] and `scores` float32 [m], best first."""

    chunks: Rows
    scores: Scores


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an index holds; `bytes` is 0 where the store can't tell."""

    files: int
    documents: int
    chunks: int
    vectors: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How complete the vectors of an index are."""

    chunks: int
    with_vectors: int

    @property
    def pending(self) -> int:
        """How many chunks have no vector yet."""
        return self.chunks - self.with_vectors

    @property
    def in_words(self) -> str:
        """How many chunks have vectors, such as `3 of 4 chunks (75 %)`; there is at least one chunk."""
        return f"{self.with_vectors} of {self.chunks} chunks ({100 * self.with_vectors // self.chunks} %)"


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


class Records(Protocol):
    """What the index says of itself at one moment; later commits don't change it."""

    @property
    def identity(self) -> Identity: ...

    @property
    def finished(self) -> bool:
        """Whether the last writer finished, no chunk is pending and all that is derived can be used; otherwise another
        writer should open and finish, even if no file has changed."""

    def coverage(self) -> Coverage:
        """How many chunks have vectors; those that have none yet are found by their words only."""

    def files(self) -> dict[str, FileRecord]:
        """Every file by path."""

    def close(self) -> None: ...


class Snapshot(Records, Protocol):
    """A consistent snapshot of the index: its records, and all that a search needs."""

    def counts(self) -> Counts: ...

    def dense_index(self) -> DenseIndex: ...

    def search(self, vectors: Vectors, k: int, condition: Condition | None = None) -> list[Matches]:
        """The k nearest chunks of each row of `vectors` (float32 [q, d], unit length) by cosine, among those that
        have a vector and meet the condition. Fewer only where fewer exist."""

    def search_words(self, text: str, k: int, condition: Condition | None = None) -> Matches:
        """The k best chunks for the words of a text by BM25, among those that meet the condition."""

    def score(self, vectors: Vectors, chunks: Sequence[int]) -> Scores:
        """The cosine of each row of `vectors` with each chunk, float32 [q, len(chunks)]; NaN for chunks that are
        pending or unknown."""

    def score_words(self, text: str, chunks: Sequence[int]) -> Scores:
        """The BM25 score of each chunk for the words of a text, float32 [len(chunks)]; 0 where nothing matches."""

    def count(self, condition: Condition) -> int:
        """How many chunks meet a condition."""

    def matching(self, condition: Condition) -> Rows:
        """The chunks that meet a condition, pending ones too: int64 [m] ascending."""

    def fields(self) -> list[str]:
        """Every field that a condition can name."""

    def chunks(self, numbers: Sequence[int]) -> list[ChunkRecord]:
        """The records of these chunks in the order given; unknown numbers are left out."""

    def places(self, numbers: Sequence[int]) -> dict[int, Place]:
        """Where these chunks are; unknown numbers are left out."""

    def documents(self, path: str) -> list[Document]:
        """The documents of one file, as its reader made them."""

    def notices(self) -> dict[str, tuple[str, ...]]:
        """What was not read or was guessed, by path, for the files that have such notices."""


class Writer(Protocol):
    """Changes the index; the one writer at a time. A context manager: leaving it without `finish`
    keeps what was committed and drops the rest."""

    @property
    def in_place(self) -> bool:
        """True where the identity is the active index's own; False while a new one is being built."""

    def files(self) -> dict[str, FileRecord]:
        """The files that this writer's index holds already (of a resumed build: those done so far)."""

    def missing(self, keys: Sequence[str]) -> set[str]:
        """Those keys that have no vector yet under this model."""

    def pending(self) -> list[str]:
        """The keys that chunks of this writer's index wait for, each once, those of the newest files first."""

    def strings(self, keys: Sequence[str]) -> dict[str, str]:
        """What to embed for keys that chunks of this writer's index have."""

    def coverage(self) -> Coverage:
        """How many chunks of this writer's index have vectors, with what is not committed yet."""

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors, float32 [len(keys), d], under this model and these keys."""

    def put_file(self, file: FileRecord, documents: Sequence[ChunkedDocument]) -> None:
        """Put a file in the place of what the index held of its path. Chunks whose key has no vector are pending: they
        can be found by their words from the next commit on, and by their vectors once those are put."""

    def touch(self, file: FileRecord) -> None:
        """Renew a file's size and time; its content and its root are the same."""

    def remove(self, paths: Sequence[str]) -> None:
        """Drop files."""

    def commit(self) -> None:
        """Make all so far durable (and visible, where in place)."""

    def give_up_move(self) -> None:
        """Drop what was built so far of an index with another identity, with the next commit."""

    def finish(self) -> None:
        """Commit; put a newly built index in the place of the old one; tidy up (merge segments). Chunks may still be
        pending, but an index of another identity should take the old one's place only when none is."""

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
