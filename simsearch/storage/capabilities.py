"""What some stores and snapshots can do besides, each a protocol of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast, runtime_checkable

from simsearch.errors import NoIndex, StorageError
from simsearch.storage.protocols import ChunkedDocument, ChunkRecord, Records, Store
from simsearch.types import Rows, Vectors


@runtime_checkable
class Listing(Protocol):
    """Capability of a snapshot: everything in order, for an export."""

    def every_chunk(self) -> Iterator[ChunkRecord]:
        """All chunks, by path and start."""

    def chunked(self, path: str) -> list[ChunkedDocument]:
        """The documents of one file with their chunks, in the order of every_chunk."""

    def missing(self, keys: Sequence[str]) -> set[str]:
        """Those keys that have no vector yet."""

    def vectors(self, keys: Sequence[str]) -> Vectors:
        """The vectors of these keys, which all have one: float32 [len(keys), d]."""

    def document_ids(self) -> Iterator[str]:
        """The id of every document."""


@runtime_checkable
class NearDuplicates(Protocol):
    """Capability of a snapshot: chunks whose vectors are nearly the same."""

    def near_duplicates(self, threshold: float) -> list[Rows]:
        """Groups of chunks that have vectors, int64 [m] ascending each, ordered by their first: every chunk has
        another of its group at a cosine of `threshold` or more."""

    def chunk_counts(self, documents: Sequence[int]) -> dict[int, int]:
        """How many chunks each document has, by Place.document."""


@runtime_checkable
class Samples(Protocol):
    """Capability of a snapshot: a sample of its chunks."""

    def sample(self, count: int) -> list[ChunkRecord]:
        """About `count` chunks from all over the index, the same ones each time."""


@runtime_checkable
class FieldValues(Protocol):
    """Capability of a snapshot: it lists the values of a field, of which a comparison may pass over some."""

    def list_values(self, field: str, most: int) -> list[str]:
        """About `most` different values of a field as they are compared (see FieldComparison), numbers in digits; all
        of them if there are fewer."""


@runtime_checkable
class FieldCounts(Protocol):
    """Capability of a snapshot: it counts the values of a field."""

    def count_values(self, field: str, most: int) -> list[tuple[str, int]]:
        """The `most` values that the most documents have, as they are compared (see FieldComparison), each with how
        many documents have it. Of a list, each value counts."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check found: what is wrong, where, and what fixes it (or has fixed it)."""

    what: str
    where: str
    fix: str


@runtime_checkable
class Checkable(Protocol):
    """Capability of a store: it verifies itself."""

    def check(self, repair: bool = False) -> list[Problem]:
        """Verify the truth, and all that is derived from it against it.

        Args:
            repair: Rebuild what is wrong and can be derived; nothing is embedded again.

        Returns:
            What was found, nothing where there is no index; after a repair each `fix` says what was done.

        Raises:
            WorkspaceLocked: Another process is writing.
            StorageError: The index can't be opened at all.
        """


@runtime_checkable
class Versioned(Protocol):
    """Capability of a store: it tells cheaply whether the index was changed, by this or any other process."""

    def version(self) -> object:
        """Equal to an earlier one only if nothing was committed in between. Reading it takes microseconds."""


@runtime_checkable
class QuickRecords(Protocol):
    """Capability of a store: it reads its records without opening what a search needs."""

    def read_records(self) -> Records:
        """Open the records.

        Raises:
            NoIndex: Nothing has been indexed yet.
        """


@runtime_checkable
class Removable(Protocol):
    """Capability of a store: it can be removed with all that it keeps."""

    def remove(self) -> None:
        """Delete the index, also one that is being built.

        Raises:
            WorkspaceLocked: Another process is writing.
        """


def read_records(store: Store) -> Records | None:
    """Open the records of an index, as cheaply as its store can; None if nothing has been indexed yet."""
    try:
        return store.read_records() if isinstance(store, QuickRecords) else store.read()
    except NoIndex:
        return None


C = TypeVar("C")


def require(holder: object, capability: Callable[..., C], what: str) -> C:
    """A store or snapshot as what it must be able to do.

    Args:
        capability: One of the protocols above.
        what: The capability, for the error.

    Raises:
        StorageError: It can't.
    """
    if not isinstance(holder, capability):  # type: ignore[arg-type]
        raise StorageError(f"The store of this index has no {what}; use the store `local` for it.")
    return cast("C", holder)
