"""The nearest chunks over all segments: candidates from each with exact scores, dead ones dropped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsearch.storage.candidates import SPARE, PlaceFinder, take_best
from simsearch.storage.dense.exact import ROUNDING
from simsearch.storage.dense.segments import Segment
from simsearch.storage.protocols import Matches
from simsearch.types import Rows, Scores, Vectors

HIGHEST = 1.05
"""More than the cosine of vectors whose length is 1 but for rounding."""


def search_segments(
    places: PlaceFinder,
    segments: Sequence[Segment],
    queries: Vectors,
    k: int,
    allowed: Rows | None = None,
) -> list[Matches]:
    """The k nearest live chunks of each query; equal scores are ordered by path and start.

    Args:
        queries: float32 [q, d], unit length.
        allowed: Chunk numbers to search among.

    Raises:
        ValueError: A segment gives a score that no two vectors of unit length have.
    """
    matches: dict[int, Matches] = {}
    wanted = None if allowed is None else _ascending(allowed)
    wide = k + SPARE
    while len(matches) < len(queries):
        open_queries = [i for i in range(len(queries)) if i not in matches]
        found = _candidates(segments, np.ascontiguousarray(queries[open_queries]), wide, wanted)
        for i, (scores, chunks) in zip(open_queries, found, strict=True):
            match = take_best(places, scores, chunks, k, ROUNDING, exhausted=len(chunks) < wide)
            if match is not None:
                matches[i] = match
        wide *= 4
    return [matches[i] for i in range(len(queries))]


def _candidates(
    segments: Sequence[Segment], queries: Vectors, wide: int, allowed: Rows | None
) -> list[tuple[Scores, Rows]]:
    """For each query up to `wide` chunks with their exact scores, from high to low."""
    parts = [segment.search(queries, wide, allowed) for segment in segments]
    found = []
    for i in range(len(queries)):
        scores = np.concatenate([part[i][0] for part in parts] or [np.empty(0, np.float32)])
        chunks = np.concatenate([part[i][1] for part in parts] or [np.empty(0, np.int64)])
        if (scores > HIGHEST).any():
            raise ValueError("its vectors are damaged")
        order = np.lexsort((chunks, -scores))[:wide]
        found.append((scores[order], chunks[order]))
    return found


def _ascending(chunks: Rows) -> Rows:
    """Sorted and each once; numpy's `unique` is slow where that is so already."""
    if (chunks[1:] > chunks[:-1]).all():
        return chunks
    ordered: Rows = np.sort(chunks)
    return ordered[np.append(True, ordered[1:] > ordered[:-1])] if len(ordered) else ordered
