"""Scores from the ratings of each pair."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from simsearch import InputError, Pair
from simsearch.types import ScoreGenerator, Scores
from simsearch_human_scores.agreement import weigh
from simsearch_human_scores.ratings import Texts


def make_generator(
    ratings: Mapping[Texts, Sequence[float]],
    low: float,
    high: float,
    aggregate: Literal["mean", "median"],
    least: int,
    weighed: bool,
) -> ScoreGenerator:
    """A score generator; arguments as of `raters`, which read the ratings of each pair."""
    central = statistics.fmean if aggregate == "mean" else statistics.median

    def generate(pairs: Sequence[Pair], random: np.random.Generator) -> Scores:
        rated = [_find_ratings(pair, ratings, least) for pair in pairs]
        scores = [central(unit) for unit in rated]
        if weighed:
            scores = weigh(scores, rated)
        return ((np.array(scores, dtype=np.float64) - low) / (high - low)).astype(np.float32)

    return generate


def _find_ratings(pair: Pair, ratings: Mapping[Texts, Sequence[float]], least: int) -> Sequence[float]:
    found = ratings.get((pair.anchor.strip(), pair.positive.strip()), [])
    if len(found) < max(least, 1):
        raise InputError(
            f"{len(found)} raters scored '{pair.anchor[:40]}' with "
            f"'{pair.positive[:40]}', but {max(least, 1)} are needed; have more people rate it, or remove the row.",
            path=pair.source,
            row=pair.row,
        )
    return found
