"""One weight of dense that judged questions of this index ask for, proven on questions that it was not chosen on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simsearch.errors import InputError
from simsearch.files import write_atomically
from simsearch.intervals import interval
from simsearch.querying.evaluate import evaluate
from simsearch.querying.fusion import DENSE_WEIGHT
from simsearch.querying.judged_files import Judged
from simsearch.querying.searcher import Searcher

FILE_NAME = "weight.json"
WEIGHTS = tuple(round(0.05 * step, 2) for step in range(21))
DEPTH = 100
FEWEST = 20
FOLDS = 5

Grid = Mapping[float, NDArray[np.float64]]
"""What each question scores, float64 [q], by the weight of dense."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A weight of dense, and what it is worth.

    Args:
        fingerprint: Of the model that it was learned with.
        gain: Mean nDCG@10 over the default, which weighs each question, on questions that did not choose it.
        interval: The 95 % interval of the gain.
        kept: Whether it is used from now on: the interval lies above 0.
    """

    fingerprint: str
    weight: float
    queries: int
    gain: float
    interval: tuple[float, float]
    kept: bool


def learn(searcher: Searcher, judged: Judged) -> Learned:
    """Choose a weight by judged questions of an index.

    Args:
        searcher: Asks in hybrid mode, by a convex sum.

    Raises:
        InputError: There are too few questions to choose by.
    """
    ranker = searcher.weighed_ranker(list(judged.queries.values()), DEPTH)

    def score(weight: float | None) -> list[float]:
        rank = partial(ranker, weight)
        found = evaluate(judged.queries, judged.judgements, searcher.snapshot, rank, ["nDCG@10"])
        return [values["nDCG@10"] for values in found.per_query.values()]

    return choose(make_grid(score), np.array(score(None)), searcher.snapshot.identity.fingerprint)


def choose(grid: Grid, default: NDArray[np.float64], fingerprint: str) -> Learned:
    """Choose a weight; each question judges a weight that the questions of other folds chose.

    Args:
        default: What each question scores with the weight that it has by default, float64 [q].

    Raises:
        InputError: There are too few questions to choose by.
    """
    questions = len(default)
    if questions < FEWEST:
        raise InputError(
            f"A weight can't be learned from {questions} judged questions; there must be {FEWEST} or more."
        )
    folds = np.random.default_rng(0).permutation(questions) % FOLDS
    gains = np.empty(questions)
    for fold in range(FOLDS):
        held_out = folds == fold
        weight = _best(grid, ~held_out)
        gains[held_out] = grid[weight][held_out] - default[held_out]
    low, high = interval(gains)
    everyone = np.ones(questions, np.bool_)
    return Learned(fingerprint, _best(grid, everyone), questions, float(gains.mean()), (low, high), low > 0)


def make_grid(score: Callable[[float], Sequence[float]]) -> Grid:
    """Score the questions under every weight that is tried."""
    return {weight: np.array(score(weight), np.float64) for weight in WEIGHTS}


def read_learned(folder: Path, fingerprint: str) -> Learned | None:
    """What was learned with this model and kept."""
    try:
        values = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        learned = Learned(**{**values, "interval": tuple(values["interval"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return learned if learned.kept and learned.fingerprint == fingerprint else None


def keep(folder: Path, learned: Learned) -> None:
    """Use a weight from now on; one that is no better than the default removes what was learned before."""
    if learned.kept:
        write_atomically(folder / FILE_NAME, json.dumps(asdict(learned), indent=2).encode())
    else:
        unlearn(folder)


def unlearn(folder: Path) -> bool:
    """Weigh each question again; whether anything had been learned."""
    there = (folder / FILE_NAME).exists()
    (folder / FILE_NAME).unlink(missing_ok=True)
    return there


def _best(grid: Grid, questions: NDArray[np.bool_]) -> float:
    """The weight with the highest mean; of equals the nearest to DENSE_WEIGHT."""
    return max(
        grid, key=lambda weight: (round(grid[weight][questions].mean(), 6), -abs(weight - DENSE_WEIGHT))
    )
