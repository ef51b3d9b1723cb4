"""How far the raters agree, and scores that count it."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Sequence

from simsearch import InputError


def weigh(scores: Sequence[float], units: Sequence[Sequence[float]]) -> list[float]:
    """Scores moved towards their mean, the more, the less the raters of a pair agree.

    A score keeps the share v / (v + e) of its distance from the mean. e is the variance of the mean of its raters,
    and v the remaining variance of the scores (Efron and Morris 1975, doi:10.1080/01621459.1975.10479864).

    Args:
        scores: The score of each pair.
        units: The ratings of each pair; a single rating counts as full agreement.
    """
    errors = [statistics.variance(unit) / len(unit) if len(unit) > 1 else 0.0 for unit in units]
    middle = statistics.fmean(scores)
    own = max(statistics.pvariance(scores) - statistics.fmean(errors), 0.0)
    return [
        middle + (score - middle) * (own / (own + error) if error else 1.0)
        for score, error in zip(scores, errors, strict=True)
    ]


def krippendorff_alpha(units: Collection[Sequence[float]]) -> float | None:
    """Krippendorff's alpha for interval data (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").

    Args:
        units: The ratings of each pair; pairs with fewer than two say nothing about agreement.

    Returns:
        At most 1, which is full agreement; 0 is chance. None if it is not defined: no pair was rated
        twice, or all ratings are the same.
    """
    paired = [unit for unit in units if len(unit) > 1]
    values = [value for unit in paired for value in unit]
    if len(set(values)) < 2:
        return None
    expected = _squares(values) / (len(values) - 1)
    return 1 - sum(_squares(unit) / (len(unit) - 1) for unit in paired) / expected


def _squares(values: Sequence[float]) -> float:
    """The sum of squared differences over all ordered pairs of values."""
    middle = statistics.fmean(values)
    return 2 * len(values) * sum((value - middle) ** 2 for value in values)


def demand_agreement(units: Collection[Sequence[float]], agreement: float) -> None:
    """Check that the raters agree.

    Raises:
        InputError: They agree less than that, or agreement can't be measured.
    """
    alpha = krippendorff_alpha(units)
    if alpha is None:
        raise InputError(
            "'raters' can't measure agreement: no pairs are rated twice, or all ratings are the same."
        )
    if alpha < agreement:
        raise InputError(
            f"The raters agree too little: Krippendorff's alpha is {alpha:.3f}, below agreement={agreement:g}; agree "
            "on what the scale means, or leave 'agreement' out."
        )
