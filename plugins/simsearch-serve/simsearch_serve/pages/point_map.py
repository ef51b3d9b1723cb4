"""Every chunk as a point: its vector on the two axes along which the vectors of the index differ most (PCA), or where
UMAP places it.

The axes come from a sample. A later map of the same model keeps them while the index has about the same size, so that
what was seen stays where it was.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from simsearch.files import write_atomically
from simsearch.storage.capabilities import Listing, require
from simsearch.storage.protocols import Snapshot
from simsearch.types import Rows, Vectors
from simsearch_serve.pages.facets import list_facets

SAMPLE = 2000
AT_ONCE = 20_000
OUTGROWN = 1.25
FURTHEST = 65535
"""Places are whole numbers from 0 to this."""

Bytes = NDArray[np.uint8]
Places = NDArray[np.uint16]
LayOut = Callable[[Vectors], Vectors]
"""Vectors, float32 [n, d], to places, float32 [n, 2]."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Where the map looks from.

    Args:
        directions: float32 [2, d], unit length, at right angles.
        share: The share of the variance of the vectors that the axes show, 0 to 1.
        chunks: How many the index had.
    """

    directions: Vectors
    share: float
    chunks: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """The points in groups, for their colours.

    Args:
        names: Of the groups, the largest first; what is in none of them has the number len(names).
        numbers: uint8 [n].
    """

    names: tuple[str, ...]
    numbers: Bytes

    def counts(self) -> list[int]:
        """How many points each group has; the last is of those in none."""
        counts: list[int] = np.bincount(self.numbers, minlength=len(self.names) + 1).tolist()
        return counts


@dataclass(frozen=True, slots=True)
class PointMap:
    """The chunks that have a vector, as points.

    Args:
        version: Of the index.
        axes: None if the points are not on axes.
        chunks: int64 [n], their numbers in the store.
        places: uint16 [n, 2], from 0 to FURTHEST.
        groupings: By what the points can be coloured: `folder`, or a field.
    """

    version: str
    fingerprint: str
    axes: Axes | None
    chunks: Rows
    places: Places
    groupings: Mapping[str, Grouping] = field(default_factory=dict)

    def as_bytes(self, by: str) -> bytes:
        """The points for a browser, little-endian: n as uint32; then n numbers of chunks as uint32, n pairs of places
        as uint16, n numbers of groups as uint8.

        Args:
            by: One of `groupings`; of any other name, all points are of group 0.
        """
        count = np.array([len(self.chunks)], "<u4")
        groups = self.groupings[by].numbers if by in self.groupings else np.zeros(len(self.chunks), np.uint8)
        parts = (count, self.chunks.astype("<u4"), self.places.astype("<u2"), groups)
        return b"".join(part.tobytes() for part in parts)


def version_of(snapshot: Snapshot) -> str:
    """Another one for other files, chunks or vectors."""
    digest = hashlib.sha256(repr((snapshot.identity, snapshot.coverage())).encode())
    for path, file in sorted(snapshot.files().items()):
        digest.update(f"\0{path}\0{file.digest}".encode("utf-8", "replace"))
    return digest.hexdigest()[:16]


def make_map(snapshot: Snapshot, earlier: PointMap | None = None, lay_out: LayOut | None = None) -> PointMap:
    """The map of an index.

    Args:
        earlier: An earlier one, for its axes.
        lay_out: Places the points; None puts them on axes.

    Raises:
        StorageError: The store can't list its chunks.
    """
    known = {facet.field: tuple(value.name for value in facet.values) for facet in list_facets(snapshot)}
    chunks, numbers = _list_chunks(snapshot, known)
    axes = None if lay_out else _find_axes(snapshot, chunks, earlier)
    directions = axes.directions if axes else np.eye(snapshot.identity.dimension, dtype=np.float32)
    coordinates = _read_coordinates(snapshot, directions, chunks)
    places = _as_whole_numbers(lay_out(coordinates) if lay_out else coordinates)
    groupings = {name: Grouping(known[name], found) for name, found in numbers.items()}
    return PointMap(version_of(snapshot), snapshot.identity.fingerprint, axes, chunks, places, groupings)


def write_map(file: Path, made: PointMap) -> None:
    """Keep a map; it is derived and can be lost."""
    about = {
        "version": made.version,
        "fingerprint": made.fingerprint,
        "axes": {"share": made.axes.share, "chunks": made.axes.chunks} if made.axes else None,
        "groupings": {name: grouping.names for name, grouping in made.groupings.items()},
    }
    numbers = {f"group-{i}": grouping.numbers for i, grouping in enumerate(made.groupings.values())}
    written = io.BytesIO()
    np.savez(
        written,
        about=np.array(json.dumps(about)),
        axes=made.axes.directions if made.axes else np.zeros((0, 0), np.float32),
        chunks=made.chunks,
        places=made.places,
        **numbers,  # type: ignore[arg-type]
    )
    write_atomically(file, written.getvalue())


def read_map(file: Path) -> PointMap | None:
    """The map that was kept; None if there is none that can be read."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            about = json.loads(str(kept["about"]))
            groupings = {
                name: Grouping(tuple(names), kept[f"group-{i}"])
                for i, (name, names) in enumerate(about["groupings"].items())
            }
            axes = Axes(kept["axes"], **about["axes"]) if about["axes"] else None
            return PointMap(
                about["version"], about["fingerprint"], axes, kept["chunks"], kept["places"], groupings
            )
    except (OSError, ValueError, KeyError, TypeError, BadZipFile):
        return None


def _list_chunks(snapshot: Snapshot, known: Mapping[str, Sequence[str]]) -> tuple[Rows, dict[str, Bytes]]:
    """The chunks that have a vector, int64 [n], and the number of each one's group by every field."""
    chunks: list[int] = []
    numbers: dict[str, bytearray] = {name: bytearray() for name in known}
    for record in require(snapshot, Listing, "list of all chunks").every_chunk():
        if record.pending:
            continue
        chunks.append(record.chunk)
        for name, names in known.items():
            values = _folders(record.path) if name == "path" else _values(record.metadata.get(name))
            numbers[name].append(next((names.index(value) for value in values if value in names), len(names)))
    return np.array(chunks, np.int64), {
        name: np.frombuffer(found, np.uint8) for name, found in numbers.items()
    }


def _folders(path: str) -> Iterator[str]:
    return (str(folder) for folder in PurePosixPath(path).parents)


def _values(given: Any) -> Iterator[str]:
    """What a field's value is called in the lists of filters."""
    many = given if isinstance(given, list) else given.values() if isinstance(given, dict) else [given]
    return (str(value).casefold() for value in many)


def _find_axes(snapshot: Snapshot, chunks: Rows, earlier: PointMap | None) -> Axes:
    """Those of an earlier map of the same model, if the index has not grown or shrunk much; else new ones."""
    if earlier and earlier.axes and earlier.fingerprint == snapshot.identity.fingerprint:
        smaller, larger = sorted((len(chunks), earlier.axes.chunks))
        if larger <= OUTGROWN * smaller:
            return earlier.axes
    sample = chunks[:: -(-len(chunks) // SAMPLE) or 1]
    every_axis = np.eye(snapshot.identity.dimension, dtype=np.float32)
    vectors = _read_coordinates(snapshot, every_axis, sample).astype(np.float64)
    centred = vectors - vectors.mean(axis=0) if len(vectors) else np.zeros((1, snapshot.identity.dimension))
    _, lengths, directions = np.linalg.svd(centred, full_matrices=False)
    spread = lengths**2
    share = float(spread[:2].sum() / (spread.sum() or 1.0))
    two = np.zeros((2, snapshot.identity.dimension), np.float32)
    two[: min(2, len(directions))] = directions[:2]
    return Axes(two, share, len(chunks))


def _read_coordinates(snapshot: Snapshot, axes: Vectors, chunks: Rows) -> Vectors:
    """The vectors of chunks along axes of unit length, float32 [len(chunks), len(axes)]; as inner products, so that
    any store can tell them."""
    coordinates = np.empty((len(chunks), len(axes)), np.float32)
    for start in range(0, len(chunks), AT_ONCE):
        block = chunks[start : start + AT_ONCE].tolist()
        coordinates[start : start + len(block)] = snapshot.score(axes, block).T
    return coordinates


def _as_whole_numbers(places: Vectors) -> Places:
    """Places from 0 to FURTHEST, with one scale for both directions."""
    if not len(places):
        return np.zeros((0, 2), np.uint16)
    low, high = places.min(axis=0), places.max(axis=0)
    scale = FURTHEST / (float((high - low).max()) or 1.0)
    margins = (FURTHEST - (high - low) * scale) / 2
    return np.asarray((places - low) * scale + margins, np.uint16)
