"""Find near-duplicates in an index: groups of chunks that are nearly equal, and documents made of the same chunks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from simsearch.storage.capabilities import NearDuplicates, require
from simsearch.storage.protocols import ChunkRecord, Snapshot


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Groups of near-duplicates.

    Args:
        documents: Document ids; every chunk of a document has a near-duplicate in every other document of its group.
        chunks: Chunks by path; each is nearly equal to another of its group.
    """

    documents: tuple[tuple[str, ...], ...]
    chunks: tuple[tuple[ChunkRecord, ...], ...]


def find_duplicates(snapshot: Snapshot, threshold: float) -> Duplicates:
    """Compare all chunks by their stored vectors.

    Args:
        threshold: The lowest cosine of near-duplicates, -1 to 1.
    """
    groups = [group.tolist() for group in _capable(snapshot).near_duplicates(threshold)]
    return Duplicates(
        _group_documents(groups, snapshot), tuple(tuple(_sort_by_place(snapshot, group)) for group in groups)
    )


def _capable(snapshot: Snapshot) -> NearDuplicates:
    return require(snapshot, NearDuplicates, "search for near-duplicates")


def _sort_by_place(snapshot: Snapshot, group: list[int]) -> list[ChunkRecord]:
    return sorted(snapshot.chunks(group), key=lambda record: (record.path, record.id, record.start))


def _group_documents(groups: list[list[int]], snapshot: Snapshot) -> tuple[tuple[str, ...], ...]:
    """Documents whose chunks all belong to the same groups."""
    made_of: dict[int, set[int]] = defaultdict(set)
    ids: dict[int, str] = {}
    found: dict[int, int] = defaultdict(int)
    for number, group in enumerate(groups):
        for place in snapshot.places(group).values():
            made_of[place.document].add(number)
            ids[place.document] = place.id
            found[place.document] += 1
    whole = _capable(snapshot).chunk_counts(list(made_of))
    equal: dict[frozenset[int], list[str]] = defaultdict(list)
    for document, parts in made_of.items():
        if found[document] == whole[document]:
            equal[frozenset(parts)].append(ids[document])
    return tuple(tuple(sorted(names)) for names in equal.values() if len(names) > 1)
