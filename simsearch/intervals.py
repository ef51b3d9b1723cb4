"""Confidence interval of a mean, from a sample of questions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
DRAWN_AT_ONCE = 1 << 18
CHANCE = 1.645
"""Standard errors by which a mean is ahead by chance in about one of twenty cases."""
MISSED = 0.05
"""How often an interval may miss the true mean."""


def interval(
    values: NDArray[np.float64], *, least: float = -1.0, seed: int = 0, evaluations: int = 1
) -> tuple[float, float]:
    """The 95 % interval of a mean over questions, by bootstrap (Sakai 2006, doi:10.1145/1148170.1148261). It is widened
    where few questions would make it too narrow (expanded percentiles, Hesterberg 2015,
    doi:10.1080/00031305.2015.1089789).

    Args:
        values: float64 [q], at most 1; differences give the interval of a mean difference.
        least: The smallest possible value.
        seed: Random seed of the resamples.
        evaluations: How many means were computed on these questions. The interval is widened so that all of them are in
            theirs with 95 % (Bonferroni), because the best of several is better by luck.
    """
    if len(values) < 2:
        return least, 1.0  # one question tells nothing
    random = np.random.default_rng(seed)
    means = np.empty(RESAMPLES)
    step = max(1, DRAWN_AT_ONCE // len(values))
    for start in range(0, RESAMPLES, step):
        count = min(step, RESAMPLES - start)
        drawn = random.integers(0, len(values), (count, len(values)))
        means[start : start + count] = values[drawn].mean(axis=1)
    outside = 100 * _expand_tail(MISSED / evaluations / 2, len(values))
    low, high = np.percentile(means, [outside, 100 - outside])
    return float(low), float(high)


def within_chance(differences: NDArray[np.float64]) -> bool:
    """Whether a mean difference is no more above zero than chance explains: where few questions choose, the best of
    several is mostly the luckiest (as in the one-standard-error rule of Breiman et al. 1984, Classification and
    Regression Trees)."""
    if len(differences) == 1:
        return True
    error = differences.std(ddof=1) / math.sqrt(len(differences))
    return bool(differences.mean() <= CHANCE * error)


def _expand_tail(tail: float, count: int) -> float:
    """The share of resamples to leave out at each end, so that the mean of `count` values lies beyond it with
    probability `tail`."""
    from scipy.special import ndtr, stdtrit  # scipy.stats takes a second to import

    return float(ndtr(math.sqrt(count / (count - 1)) * stdtrit(count - 1, tail)))
