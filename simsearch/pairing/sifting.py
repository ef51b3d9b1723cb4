"""Which of the pairs made are worth a person's time: none twice, none whose anchor could mean anything."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simsearch.near_duplicates import normalise
from simsearch.types import Pair

MOST_MEANINGS = 3
"""Different texts that one anchor may lead to; what leads to more says nothing, as `Parameters` in a manual."""

REPEATED = "the same pair again"
SAME_SIDES = "both sides are the same text"
AMBIGUOUS = f"the anchor has more than {MOST_MEANINGS} positives"
BEYOND_LIMIT = "beyond --limit"


@dataclass(frozen=True, slots=True)
class Made:
    """A pair and the generator that made it."""

    pair: Pair
    kind: str


def sift(made: Sequence[Made], limit: int | None, seed: int) -> tuple[list[Made], Counter[str]]:
    """The pairs to write, in their order, and how many were left out for each reason.

    Args:
        limit: Maximum number of pairs of each kind, drawn at random.
    """
    left_out: Counter[str] = Counter()
    distinct: dict[tuple[str, str], Made] = {}
    meanings: dict[str, set[str]] = defaultdict(set)
    for one in made:
        anchor, positive = normalise(one.pair.anchor), normalise(one.pair.positive)
        if anchor == positive:
            left_out[SAME_SIDES] += 1
        elif (anchor, positive) in distinct:
            left_out[REPEATED] += 1
        else:
            distinct[anchor, positive] = one
            meanings[anchor].add(positive)
    clear = [one for (anchor, _), one in distinct.items() if len(meanings[anchor]) <= MOST_MEANINGS]
    left_out[AMBIGUOUS] += len(distinct) - len(clear)
    kept = drawn(clear, limit, seed)
    left_out[BEYOND_LIMIT] += len(clear) - len(kept)
    return kept, +left_out


def drawn(made: Sequence[Made], limit: int | None, seed: int) -> list[Made]:
    """At most `limit` of each kind, in their order."""
    if limit is None:
        return list(made)
    random = np.random.default_rng(seed)
    ranks = random.permutation(len(made))
    kept = set()
    for kind in dict.fromkeys(one.kind for one in made):
        rows = [row for row, one in enumerate(made) if one.kind == kind]
        kept.update(sorted(rows, key=lambda row: ranks[row])[:limit])
    return [one for row, one in enumerate(made) if row in kept]
