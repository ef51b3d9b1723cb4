"""Chooses how far a map goes, by questions that did not fit it: five folds of the pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsearch.intervals import interval, within_chance
from simsearch.linear_maps.examples import Examples
from simsearch.linear_maps.fitting import fit_maps
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.threads import allowed_threads, in_parallel, one_blas_thread
from simsearch.types import Rows

FOLDS = 5
STEPS = (5, 10, 20, 30)
SHARES = (0.5, 1.0)
MOST_ROWS = 2048
"""Rows that choose; more are sampled, since the choice is of three numbers."""
RANKS = 10

Gains = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """How a map is fitted."""

    questions_only: bool
    steps: int
    share: float


KINDS = [Choice(only, steps, share) for only in (True, False) for steps in STEPS for share in SHARES]


@dataclass(frozen=True, slots=True, eq=False)
class FittedMap:
    """A map on all rows, and how its kind did on held-out ones.

    Args:
        before: nDCG@10 of each held-out question without a map, float64 [n].
        after: With a map fitted on the other folds.
        helps: Whether the gain on them is more than the luck of the best of all kinds.
    """

    map: LinearMap
    choice: Choice
    before: Gains
    after: Gains
    helps: bool


def fit_best_map(examples: Examples, seed: int = 0) -> FittedMap | None:
    """The map of the kind that is best on held-out rows, fitted on all of them; None for too few unrelated rows.

    A map on the questions alone is preferred unless the other is significantly better: it leaves stored vectors as they
    are.
    """
    random = np.random.default_rng(seed)
    rows = np.sort(random.permutation(len(examples))[:MOST_ROWS])
    held = _held_out_gains(examples.take(rows), random, seed)
    if held is None:
        return None
    before, after = held
    best = max(after, key=lambda choice: float(after[choice].mean()))
    alone = max((c for c in after if c.questions_only), key=lambda choice: float(after[choice].mean()))
    chosen = alone if within_chance(after[best] - after[alone]) else best
    *_, fitted = fit_maps(examples, [chosen.steps], chosen.questions_only, seed)
    helps = interval(after[chosen] - before, evaluations=len(KINDS))[0] > 0
    return FittedMap(fitted.shrink(chosen.share), chosen, before, after[chosen], helps)


def _held_out_gains(
    examples: Examples, random: np.random.Generator, seed: int
) -> tuple[Gains, dict[Choice, Gains]] | None:
    """nDCG@10 of each row's question without a map, and with each kind of map fitted on the other folds."""
    if len(np.unique(examples.groups)) < FOLDS:
        return None
    folds = _folds(examples.groups, random)
    answers = examples.answers()

    def try_fold(fold: Rows) -> tuple[Gains, dict[Choice, Gains]]:
        rest = examples.take(np.setdiff1d(np.arange(len(examples)), fold))
        gains = {
            choice: question_gains(examples, answers, fold, fitted) for choice, fitted in _kinds(rest, seed)
        }
        return question_gains(examples, answers, fold, None), gains

    before, after = np.zeros(len(examples)), {choice: np.zeros(len(examples)) for choice in KINDS}
    with one_blas_thread():  # each fold has one
        tried = in_parallel(try_fold, folds, allowed_threads())
    for fold, (without, gains) in zip(folds, tried, strict=True):
        before[fold] = without
        for choice in KINDS:
            after[choice][fold] = gains[choice]
    return before, after


def _kinds(examples: Examples, seed: int) -> Iterator[tuple[Choice, LinearMap]]:
    for questions_only in (True, False):
        for steps, fitted in zip(STEPS, fit_maps(examples, STEPS, questions_only, seed), strict=True):
            for share in SHARES:
                yield Choice(questions_only, steps, share), fitted.shrink(share)


def _folds(groups: Rows, random: np.random.Generator) -> list[Rows]:
    """Rows of related groups together, in parts of about the same size."""
    names, members = np.unique(groups, return_inverse=True)
    part = random.permutation(len(names)) % FOLDS
    return [np.flatnonzero(part[members] == fold) for fold in range(FOLDS)]


def question_gains(
    examples: Examples, answers: NDArray[np.bool_], rows: Rows, linear_map: LinearMap | None
) -> Gains:
    """nDCG@10 of the questions of some rows among the documents of all rows, float64 [rows]."""
    queries, documents = examples.questions[rows], examples.documents
    if linear_map:
        queries, documents = linear_map.apply(queries, "query"), linear_map.apply(documents, "document")
    # A document that several rows have counts once: at its first row.
    _, first = np.unique(examples.labels[:, 1], return_index=True)
    scores, right = queries @ documents[first].T, answers[np.ix_(rows, first)]
    count = min(RANKS, len(first))
    best = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    discounts = 1 / np.log2(np.arange(2, count + 2))
    found = (np.take_along_axis(right, best, axis=1) * discounts).sum(axis=1)
    possible = np.cumsum(discounts)[np.clip(right.sum(axis=1), 1, count) - 1]
    gains: Gains = found / possible
    return gains
