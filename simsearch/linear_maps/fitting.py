"""Fits the weights by the loss that tuning uses, with numpy alone: seconds, and no torch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from simsearch.linear_maps.examples import Examples
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.types import Vectors

SCALE = 20.0
LEARNING_RATE = 2e-3
DECAY, SQUARE_DECAY, EPSILON = 0.9, 0.999, 1e-8
BATCH = 512
"""Rows of a step; fewer rows are taken whole. The cost of a step grows with its square."""


def fit_maps(
    examples: Examples, steps: Sequence[int], questions_only: bool, seed: int = 0
) -> Iterator[LinearMap]:
    """Maps after some numbers of steps, in order.

    The loss is multiple-negatives in both directions at scale 20 (Henderson et al. 2017, arXiv:1705.00652), minimised
    by Adam (Kingma & Ba 2015, arXiv:1412.6980) from W = 0.

    Args:
        steps: Ascending.
        questions_only: Leave the vectors of documents as they are.
        seed: Draws the batches, if there are more rows than one holds.
    """
    random = np.random.default_rng(seed)
    size = examples.questions.shape[1]
    weights = np.zeros((size, size), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step, batch in zip(range(1, max(steps) + 1), _batches(examples, random), strict=False):
        gradient = weights_gradient(weights, *batch, questions_only)
        _update(weights, gradient, mean, square, step)
        if step in steps:
            yield LinearMap(weights.copy(), questions_only)


def _update(weights: Vectors, gradient: Vectors, mean: Vectors, square: Vectors, step: int) -> None:
    """A step of Adam, in place: these matrices are large next to those of the gradient."""
    mean *= DECAY
    mean += (1 - DECAY) * gradient
    square *= SQUARE_DECAY
    np.square(gradient, out=gradient)
    gradient *= 1 - SQUARE_DECAY
    square += gradient
    np.sqrt(square, out=gradient)
    gradient *= 1 / math.sqrt(1 - SQUARE_DECAY**step)
    gradient += EPSILON
    np.divide(mean, gradient, out=gradient)
    gradient *= LEARNING_RATE / (1 - DECAY**step)
    weights -= gradient


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """Vectors after the map: of unit length, and what their lengths were, float32 [n, 1]."""

    unit: Vectors
    lengths: Vectors

    @classmethod
    def by(cls, weights: Vectors | None, vectors: Vectors) -> Moved:
        """The vectors x + x·W; without weights only their lengths change."""
        moved = vectors if weights is None else vectors + vectors @ weights
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        return cls(moved / lengths, lengths)

    def before_scaling(self, gradient: Vectors) -> Vectors:
        """The gradient by the vectors before they were scaled to unit length."""
        along = (self.unit * gradient).sum(axis=1, keepdims=True)
        before: Vectors = (gradient - self.unit * along) / self.lengths
        return before


def weights_gradient(
    weights: Vectors, examples: Examples, answers: NDArray[np.bool_], questions_only: bool
) -> Vectors:
    """The gradient of the loss by W, float32 [d, d].

    Args:
        answers: Those of the examples.
    """
    questions = Moved.by(weights, examples.questions)
    documents = Moved.by(None if questions_only else weights, examples.documents)
    # Scores are at most SCALE, and far above what float32 can't hold when that is taken off.
    powers = np.exp(SCALE * (questions.unit @ documents.unit.T) - SCALE)
    powers[answers & ~np.eye(len(powers), dtype=bool)] = 0
    errors = powers / powers.sum(axis=1, keepdims=True) + powers / powers.sum(axis=0, keepdims=True)
    np.fill_diagonal(errors, errors.diagonal() - 2)
    errors *= SCALE / (2 * len(powers))
    gradient: Vectors = examples.questions.T @ questions.before_scaling(errors @ documents.unit)
    if not questions_only:
        gradient = gradient + examples.documents.T @ documents.before_scaling(errors.T @ questions.unit)
    return gradient


def _batches(examples: Examples, random: np.random.Generator) -> Iterator[tuple[Examples, NDArray[np.bool_]]]:
    """Rows for each step, with their answers; without an end."""
    if len(examples) <= BATCH:
        yield from repeat((examples, examples.answers()))
    while True:
        batch = examples.take(random.choice(len(examples), BATCH, replace=False))
        yield batch, batch.answers()
