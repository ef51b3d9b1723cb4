"""From candidates of a derived index to matches: what the database doesn't know is dropped, and equal scores
stand in the order of path and start, whatever order the index held them in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from simsearch.storage.door import Matches, Place
from simsearch.storage.records import as_json
from simsearch.types import Rows, Scores

SPARE = 16
"""Candidates asked for beyond k, so that a few dead ones and ties cost no second search."""


def settled(
    connection: sqlite3.Connection, scores: Scores, chunks: Rows, k: int, tolerance: float, exhausted: bool
) -> Matches | None:
    """The k best of some candidates, without those that are gone; None where a wider search could change them.

    Args:
        scores: float32 [m], from high to low.
        chunks: int64 [m].
        tolerance: How far scores can be off by rounding in what chose the candidates.
        exhausted: There are no other candidates.
    """
    places = places_of(connection, chunks)
    alive = [i for i, chunk in enumerate(chunks.tolist()) if chunk in places]
    alive.sort(key=lambda i: (-scores[i], places[int(chunks[i])]))
    undecided = len(alive) <= k or (k and scores[alive[k - 1]] <= scores[-1] + tolerance)
    if undecided and not exhausted:
        return None
    return Matches(chunks[alive[:k]], scores[alive[:k]])


def places_of(connection: sqlite3.Connection, chunks: Iterable[int]) -> dict[int, Place]:
    """Where each living chunk stands."""
    rows = connection.execute(
        "SELECT c.id, f.path, d.id, c.start FROM chunks c JOIN documents d ON d.id = c.document "
        "JOIN files f ON f.id = d.file WHERE c.id IN (SELECT value FROM json_each(?))",
        (as_json(chunks),),
    )
    return {chunk: (path, document, start) for chunk, path, document, start in rows}
