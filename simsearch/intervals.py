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
    student = math.sqrt(count / (count - 1)) * _student_quantile(tail, count - 1)
    return math.erfc(-student / math.sqrt(2)) / 2


def _student_quantile(tail: float, freedom: int) -> float:
    """The value below which a variable with Student's t distribution lies with probability `tail`, 0 to 0.5. scipy
    has this too, but takes longer to import than all else that `teach` imports."""
    low, high = -math.pi / 2, 0.0
    while low < (angle := (low + high) / 2) < high:
        low, high = (angle, high) if _student_below(angle, freedom) < tail else (low, angle)
    return math.sqrt(freedom) * math.tan(angle)


def _student_below(angle: float, freedom: int) -> float:
    """The probability that a variable with Student's t distribution is below √freedom · tan(angle) (Abramowitz & Stegun
    1964, 26.7.3 and 26.7.4)."""
    odd = freedom % 2
    steps = np.arange(1 + odd, freedom - 2, 2)
    series = 1 + float(np.cumprod(steps / (steps + 1) * math.cos(angle) ** 2).sum())
    if not odd:
        return (1 + math.sin(angle) * series) / 2
    product = math.sin(angle) * math.cos(angle) * series if freedom > 1 else 0.0
    return 0.5 + (angle + product) / math.pi
