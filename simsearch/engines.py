"""What a component of the hook `simsearch_engines` is given, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from simsearch.locations import Location
from simsearch.storage.protocols import ChunkedDocument, FileRecord
from simsearch.types import Document, Observer, Vectors


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file where it lies, as the store would record it (without the digest of a file that has not been read).

    Args:
        id: The id of its document where the index can't tell it from the root's name.
    """

    file: Location
    record: FileRecord
    id: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose documents are in the index already, to be cut again."""

    record: FileRecord
    documents: tuple[Document, ...]


FileTask = Candidate | StoredFile
"""A file to read and cut, or only to cut."""


@dataclass(frozen=True, slots=True)
class CutFile:
    """A file ready to store."""

    record: FileRecord
    documents: tuple[ChunkedDocument, ...]

    @property
    def chunks(self) -> int:
        return sum(len(document.chunks) for document in self.documents)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read.

    Args:
        gone: What the index holds of it is no longer true.
        lasting: It did harm or took long, so it is not tried again until it changes.
    """

    record: FileRecord
    reason: str
    gone: bool
    lasting: bool = False


Outcome = CutFile | Refused


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of a batch of strings.

    Args:
        vectors: float32 [n, d] of unit length, in the order of the strings.
        device: What embedded them: `cpu`, `cuda` or `mps`; None where the model doesn't say.
        truncated: How many strings are longer than the model reads.
    """

    vectors: Vectors
    device: str | None = None
    truncated: int = 0


class Worker(Protocol):
    """Does the work of an index run in one process. The model is loaded at the first use.

    What it gives depends on nothing but what it is given and its `versions`.
    """

    @property
    def versions(self) -> Mapping[str, str]:
        """What decides its results: the versions of simsearch and the readers, the chunker, the model's fingerprint."""

    def cut(self, task: FileTask) -> Outcome:
        """Read a file and cut it.

        Raises:
            SimsearchError: No file can be cut, because a plugin or the model is broken.
        """

    def embed(self, strings: Sequence[str]) -> Embedded:
        """Embed strings.

        Raises:
            SimsearchError: The model can't be used.
        """


class Engine(Protocol):
    """Gives work to workers. Both methods take what they are given bit by bit, a little ahead of their results, and
    keep its order. They may be called in different threads at the same time."""

    def cut(self, tasks: Iterable[FileTask]) -> Iterator[Outcome]:
        """One outcome for each task."""

    def embed(self, batches: Iterable[Sequence[str]]) -> Iterator[Embedded]:
        """The vectors of each batch."""


@dataclass(frozen=True, slots=True)
class EngineContext:
    """What an engine may use of an index run.

    Args:
        worker: The worker in this process.
        open_worker: Makes a worker with the same results in any process that sees the workspace's folder under the
            same path; its argument is the number of threads to compute with. It can be pickled.
        observe: Receives notices, such as that a worker was lost.
    """

    worker: Worker
    open_worker: Callable[[int], Worker]
    observe: Observer | None = None


class EngineOpener(Protocol):
    """Starts an engine for one index run; leaving the context ends all that it started. A run without
    files to read and chunks to embed opens none."""

    def __call__(self, context: EngineContext) -> AbstractContextManager[Engine]: ...
