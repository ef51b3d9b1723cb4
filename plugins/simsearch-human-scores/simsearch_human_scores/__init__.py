"""A score generator that reads the ratings of several people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:
    from simsearch.types import ScoreGenerator


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
        weighed: Shrink each score towards the overall mean; the less its raters agree, the more.
    """
    from simsearch_human_scores.agreement import demand_agreement
    from simsearch_human_scores.generator import make_generator
    from simsearch_human_scores.ratings import read_ratings

    if not low < high:
        raise InputError(f"'raters' needs low below high, not low={low:g} and high={high:g}.")
    ratings = read_ratings(files, low, high)
    if agreement is not None:
        demand_agreement(ratings.values(), agreement)
    return make_generator(ratings, low, high, aggregate, least, weighed)
