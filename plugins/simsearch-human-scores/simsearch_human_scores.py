"""A score generator that reads the ratings of several people."""

from __future__ import annotations

import csv
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from simsearch import Component, InputError, Pair, hookimpl

if TYPE_CHECKING:
    import numpy as np

    from simsearch.types import ScoreGenerator, Scores

COLUMNS = ("anchor", "positive", "score")
Texts = tuple[str, str]


@hookimpl
def simsearch_score_generators() -> list[Component]:
    return [Component("raters", "Ratings of several people", raters)]


def raters(
    files: tuple[str, ...],
    low: float = 0.0,
    high: float = 1.0,
    aggregate: Literal["mean", "median"] = "mean",
    least: int = 1,
    agreement: float | None = None,
    weighed: bool = False,
) -> ScoreGenerator:
    """The mean or median of several people's ratings, scaled from low..high to 0..1.

    Args:
        files: One CSV file for each rater, with the columns anchor, positive and score.
        low: The lowest rating of the scale.
        high: The highest rating of the scale.
        aggregate: `mean` or `median`.
        least: The lowest number of ratings of a pair.
        agreement: Stop if Krippendorff's alpha of all ratings is below it.
        weighed: Move each score towards the mean of all, the more, the less its raters agree.
    """
    import numpy as np

    if not low < high:
        raise InputError(f"'raters' needs low below high, not low={low:g} and high={high:g}.")
    ratings = _ratings(files, low, high)
    if agreement is not None:
        _demand_agreement(ratings.values(), agreement)
    central = statistics.fmean if aggregate == "mean" else statistics.median

    def generate(pairs: Sequence[Pair], random: np.random.Generator) -> Scores:
        rated = [_find_ratings(pair, ratings, least) for pair in pairs]
        scores = [central(unit) for unit in rated]
        if weighed:
            scores = weigh(scores, rated)
        return ((np.array(scores, dtype=np.float64) - low) / (high - low)).astype(np.float32)

    return generate


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


def _demand_agreement(units: Collection[Sequence[float]], agreement: float) -> None:
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


def _find_ratings(pair: Pair, ratings: dict[Texts, list[float]], least: int) -> list[float]:
    found = ratings.get((pair.anchor.strip(), pair.positive.strip()), [])
    if len(found) < max(least, 1):
        raise InputError(
            f"{len(found)} raters scored '{pair.anchor[:40]}' with "
            f"'{pair.positive[:40]}', but {max(least, 1)} are needed; have more people rate it, or remove the row.",
            path=pair.source,
            row=pair.row,
        )
    return found


def _ratings(files: Sequence[str], low: float, high: float) -> dict[Texts, list[float]]:
    """All ratings of each pair of texts."""
    ratings: dict[Texts, list[float]] = defaultdict(list)
    for file in files:
        seen: set[Texts] = set()
        for row, texts, score in _read(Path(file)):
            if texts in seen:
                raise InputError(
                    "the pair is rated twice by one rater; keep one of the two.", path=file, row=row
                )
            if not low <= score <= high:
                raise InputError(
                    f"the score {score:g} is outside {low:g} to {high:g}; for another scale, "
                    "write low=LOW,high=HIGH.",
                    path=file,
                    row=row,
                )
            seen.add(texts)
            ratings[texts].append(score)
    return dict(ratings)


def _read(path: Path) -> Iterator[tuple[int, Texts, float]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                found = ", ".join(reader.fieldnames or ()) or "none"
                raise InputError(f"{path} has no column '{missing[0]}'; its columns are: {found}.")
            for line in reader:
                anchor, positive, score = (line[name] or "" for name in COLUMNS)
                yield (
                    reader.line_num,
                    (anchor.strip(), positive.strip()),
                    _number(score, path, reader.line_num),
                )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The ratings in {path} can't be read: {error}.") from error


def _number(text: str, path: Path, row: int) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"the score is '{text}', which is not a number.", path=path, row=row) from None
