"""The nearest chunks over all segments: candidates from each, exact scores, dead ones dropped."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import numpy as np

from simsearch.storage.door import Matches
from simsearch.storage.exact import ROUNDING, best, search_exact
from simsearch.storage.segments import Segment
from simsearch.storage.settling import SPARE, settled
from simsearch.types import Rows, Scores, Vectors

FEW_ROWS = 32_768
"""Up to so many rows numpy scores them in less time than importing FAISS takes."""


def search_segments(
    connection: sqlite3.Connection,
    segments: Sequence[Segment],
    queries: Vectors,
    k: int,
    allowed: Rows | None = None,
) -> list[Matches]:
    """The k nearest live chunks of each query; equal scores stand in the order of path and start.

    Args:
        queries: float32 [q, d], unit length.
        allowed: Chunk numbers to search among.
    """
    matches: dict[int, Matches] = {}
    wanted = None if allowed is None else np.unique(allowed)
    wide = k + SPARE
    while len(matches) < len(queries):
        open_queries = [i for i in range(len(queries)) if i not in matches]
        found = _candidates(segments, queries[open_queries], wide, wanted)
        for i, (scores, chunks) in zip(open_queries, found, strict=True):
            match = settled(connection, scores, chunks, k, ROUNDING, exhausted=len(chunks) < wide)
            if match is not None:
                matches[i] = match
        wide *= 4
    return [matches[i] for i in range(len(queries))]


def _candidates(
    segments: Sequence[Segment], queries: Vectors, wide: int, allowed: Rows | None
) -> list[tuple[Scores, Rows]]:
    """For each query up to `wide` chunks with their exact scores, from high to low."""
    parts = [_search_segment(segment, queries, wide, allowed) for segment in segments]
    found = []
    for i in range(len(queries)):
        scores = np.concatenate([part[i][0] for part in parts] or [np.empty(0, np.float32)])
        chunks = np.concatenate([part[i][1] for part in parts] or [np.empty(0, np.int64)])
        order = np.lexsort((chunks, -scores))[:wide]
        found.append((scores[order], chunks[order]))
    return found


def _search_segment(
    segment: Segment, queries: Vectors, wide: int, allowed: Rows | None
) -> list[tuple[Scores, Rows]]:
    rows = None if allowed is None else _rows_of(segment, allowed)
    count = len(segment.chunks) if rows is None else len(rows)
    if count > FEW_ROWS:
        return _search_faiss(segment, queries, wide, rows)
    codes, chunks = (segment.codes, segment.chunks) if rows is None else _picked(segment, rows)
    scores, near = search_exact(codes, queries, wide)
    return [(scores[i], chunks[near[i]]) for i in range(len(queries))]


def _search_faiss(
    segment: Segment, queries: Vectors, wide: int, rows: Rows | None
) -> list[tuple[Scores, Rows]]:
    import faiss

    flat = faiss.downcast_index(segment.index().index)
    parameters: Any = None
    if rows is not None:
        bits = np.zeros(len(segment.chunks), np.bool_)
        bits[rows] = True
        selector = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
    count = len(segment.chunks) if rows is None else len(rows)
    _, near = flat.search(np.ascontiguousarray(queries), min(wide, count), params=parameters)
    return [_rescored(segment, near[i], queries[i], wide) for i in range(len(queries))]


def _rescored(segment: Segment, rows: Rows, query: Vectors, k: int) -> tuple[Scores, Rows]:
    rows = np.sort(rows[rows >= 0])
    scores, rows = best(rows, segment.codes[rows], query, k)
    return scores, segment.chunks[rows]


def _rows_of(segment: Segment, allowed: Rows) -> Rows:
    """The rows of a segment whose chunks are allowed, ascending."""
    if not len(segment.chunks):
        return np.empty(0, np.int64)
    near = allowed[(allowed >= segment.chunks[0]) & (allowed <= segment.chunks[-1])]
    places = np.searchsorted(segment.chunks, near)
    found: Rows = places[segment.chunks[places] == near]
    return found


def _picked(segment: Segment, rows: Rows) -> tuple[Any, Rows]:
    return segment.codes[rows], segment.chunks[rows]
