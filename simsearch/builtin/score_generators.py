"""Built-in score generators: how similar each pair is, 0 to 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:
    import numpy as np

    from simsearch.types import Pair, ScoreGenerator, Scores


@hookimpl
def simsearch_score_generators() -> list[Component]:
    return [
        Component(
            "given",
            "The file's own score column, rescaled from low..high to 0..1; low above high reverses it",
            given,
        ),
        Component("constant", "The same score for every pair", constant),
        Component("random", "Uniform around the mean, full width 1/scaling", random_scores),
        Component("gaussian", "Normal around the mean, clipped to 0..1", gaussian),
        Component(
            "lexical",
            "Share of words that the two texts have in common",
            lexical,
            accepts=("negatives",),
        ),
    ]


def given(low: float = 0.0, high: float = 1.0) -> ScoreGenerator:
    """The scores of the file, scaled from low..high to 0..1.

    Args:
        low: The score in the file that becomes 0; above `high` if low scores are similar, as with distances.
        high: The score in the file that becomes 1.
    """
    import numpy as np

    if low == high:
        raise InputError(f"'given' needs low and high to differ, not both to be {low:g}.")
    least, most = sorted((low, high))

    def generate(pairs: Sequence[Pair], random: np.random.Generator) -> Scores:
        for pair in pairs:
            if pair.score is None:
                raise InputError(
                    "there is no score; add a score column, or use another score generator with --scores.",
                    path=pair.source,
                    row=pair.row,
                )
            if not least <= pair.score <= most:
                raise InputError(
                    f"the score {pair.score:g} is outside {least:g} to "
                    f"{most:g}; for another scale write --scores given:low=LOW,high=HIGH.",
                    path=pair.source,
                    row=pair.row,
                )
        scores = np.array([pair.score for pair in pairs], dtype=np.float32)
        return (scores - np.float32(low)) / np.float32(high - low)

    return generate


def constant(value: float = 1.0) -> ScoreGenerator:
    """The same score for every pair.

    Args:
        value: The score, 0 to 1.
    """
    import numpy as np

    _within_unit("constant", "value", value)
    return lambda pairs, random: np.full(len(pairs), value, dtype=np.float32)


def random_scores(mean: float = 0.9, scaling: float = 20.0) -> ScoreGenerator:
    """Uniformly distributed random scores, of the classic recipe. They say nothing about the pairs.

    Args:
        mean: The mean score.
        scaling: The width of the interval is 1 / scaling.
    """
    import numpy as np

    if scaling <= 0:
        raise InputError(f"'random' needs scaling above 0, not {scaling:g}.")
    half = 0.5 / scaling
    _within_unit("random", "mean - 1/(2 scaling)", mean - half)
    _within_unit("random", "mean + 1/(2 scaling)", mean + half)
    return lambda pairs, random: random.uniform(mean - half, mean + half, len(pairs)).astype(np.float32)


def gaussian(mean: float = 0.9, deviation: float = 0.05) -> ScoreGenerator:
    """Normally distributed random scores, clipped to 0..1. They say nothing about the pairs.

    Args:
        mean: The mean score.
        deviation: The standard deviation.
    """
    import numpy as np

    _within_unit("gaussian", "mean", mean)
    if deviation < 0:
        raise InputError(f"'gaussian' needs a deviation of 0 or more, not {deviation:g}.")
    return lambda pairs, random: np.clip(random.normal(mean, deviation, len(pairs)), 0, 1).astype(np.float32)


def lexical() -> ScoreGenerator:
    """The Jaccard index of the two sets of words (Jaccard 1912)."""
    import numpy as np

    def overlap(one: str, other: str) -> float:
        words, others = (set(re.findall(r"\w+", text.lower())) for text in (one, other))
        return len(words & others) / len(words | others) if words | others else 0.0

    return lambda pairs, random: np.array(
        [overlap(pair.anchor, pair.positive) for pair in pairs], dtype=np.float32
    )


def _within_unit(name: str, what: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise InputError(f"'{name}' needs {what} within 0 to 1, not {value:g}.")
