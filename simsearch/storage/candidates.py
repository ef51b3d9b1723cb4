"""From candidates of an index to matches: chunks that are gone are dropped, and equal scores are ordered by path and
start, whatever order the index held them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from simsearch.storage.protocols import Matches, Place
from simsearch.types import Rows, Scores

SPARE = 16
"""Candidates asked for beyond k, so that a few dead ones and ties cost no second search."""


class PlaceFinder(Protocol):
    def of(self, chunks: Sequence[int]) -> dict[int, Place]:
        """The place of each chunk that exists."""


def take_best(
    places: PlaceFinder, scores: Scores, chunks: Rows, k: int, tolerance: float, exhausted: bool
) -> Matches | None:
    """The k best of some candidates, without those that are gone; None where a wider search could change the result.

    Args:
        scores: float32 [m], from high to low.
        chunks: int64 [m].
        tolerance: How far scores can be off by rounding in what chose the candidates.
        exhausted: There are no other candidates.
    """
    numbers = chunks.tolist()
    place = places.of(numbers)
    alive = [i for i, chunk in enumerate(numbers) if chunk in place]
    alive.sort(key=lambda i: (-scores[i], place[numbers[i]]))
    undecided = len(alive) <= k or (k and scores[alive[k - 1]] <= scores[-1] + tolerance)
    if undecided and not exhausted:
        return None
    return Matches(chunks[alive[:k]], scores[alive[:k]])
