"""Choose one dense weight by judged questions of this index, proven on questions not used to choose it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from simsearch.errors import InputError
from simsearch.intervals import interval
from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.dense_weight import LearnedWeight
from simsearch.querying.evaluate import evaluate
from simsearch.querying.judged_files import Judged
from simsearch.querying.searcher import Searcher

WEIGHTS = tuple(round(0.05 * step, 2) for step in range(21))
DEPTH = 100
FEWEST_QUESTIONS = 20
FOLDS = 5
USUAL_WEIGHT = 0.85

Grid = Mapping[float, NDArray[np.float64]]
"""The nDCG@10 of each question, float64 [q], by dense weight."""


def learn_dense_weight(searcher: Searcher, judged: Judged) -> LearnedWeight:
    """Choose a weight by judged questions of an index.

    Args:
        searcher: Answers in hybrid mode, fused by a convex sum, without what `teach` learned of these questions.

    Raises:
        InputError: There are too few questions to choose by.
    """
    ranker = BatchRanker(searcher, list(judged.queries.values()), DEPTH)
    weigh = searcher.weigh.by_default()

    def score(weight: float | None) -> list[float]:
        found = evaluate(
            judged.queries,
            judged.judgements,
            searcher.snapshot,
            lambda text: ranker.rank_with_weight(text, weigh(text).value if weight is None else weight),
            ["nDCG@10"],
        )
        return [values["nDCG@10"] for values in found.per_query.values()]

    return choose_weight(make_grid(score), np.array(score(None)), searcher.snapshot.identity.fingerprint)


def choose_weight(grid: Grid, default: NDArray[np.float64], fingerprint: str) -> LearnedWeight:
    """Choose a weight; each question judges a weight that the questions of other folds chose.

    Args:
        default: The nDCG@10 of each question with its default weight, float64 [q].

    Raises:
        InputError: There are too few questions to choose by.
    """
    questions = len(default)
    if questions < FEWEST_QUESTIONS:
        raise InputError(
            f"A weight can't be learned from {questions} judged questions; at least {FEWEST_QUESTIONS} are needed."
        )
    folds = np.random.default_rng(0).permutation(questions) % FOLDS
    gains = np.empty(questions)
    for fold in range(FOLDS):
        held_out = folds == fold
        weight = _best_weight(grid, ~held_out)
        gains[held_out] = grid[weight][held_out] - default[held_out]
    low, high = interval(gains)
    best = _best_weight(grid, np.ones(questions, np.bool_))
    return LearnedWeight(fingerprint, best, questions, float(gains.mean()), (low, high), low > 0)


def make_grid(score: Callable[[float], Sequence[float]]) -> Grid:
    """Score the questions under every weight that is tried."""
    return {weight: np.array(score(weight), np.float64) for weight in WEIGHTS}


def _best_weight(grid: Grid, questions: NDArray[np.bool_]) -> float:
    """The weight with the highest mean; among equals, the nearest to the usual one."""
    return max(
        grid, key=lambda weight: (round(grid[weight][questions].mean(), 6), -abs(weight - USUAL_WEIGHT))
    )
