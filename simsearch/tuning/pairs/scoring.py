"""Scores for pairs, checked against the hook's contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simsearch.plugins.registry import Built
from simsearch.types import Pair, ScoreGenerator, Scores


def score_pairs(
    pairs: Sequence[Pair], generator: Built[ScoreGenerator], random: np.random.Generator
) -> list[Pair]:
    """The pairs with the generator's scores.

    Raises:
        PluginError: What came back is not float32 [n] within 0 to 1.
    """
    scores = checked_scores(pairs, generator, random)
    return [replace(pair, score=float(score)) for pair, score in zip(pairs, scores, strict=True)]


def score_negatives(
    pairs: Sequence[Pair], generator: Built[ScoreGenerator], random: np.random.Generator, negatives: int
) -> Scores:
    """How similar each anchor is to each of its first negatives: float32 [n, negatives]."""
    columns = [
        checked_scores(
            # The file's score is the positive's: a generator that only reads it must say so.
            [replace(p, positive=p.negatives[i], negatives=(), score=None) for p in pairs],
            generator,
            random,
        )
        for i in range(negatives)
    ]
    return np.stack(columns, axis=1)


def checked_scores(
    pairs: Sequence[Pair], generator: Built[ScoreGenerator], random: np.random.Generator
) -> Scores:
    """What the generator returns, float32 [n] within 0 to 1, or an error with its package's name."""
    with generator.guarded():
        scores = np.asarray(generator.value(pairs, random))
    if scores.shape != (len(pairs),):
        raise generator.blame(f"gave scores of shape {scores.shape} for {len(pairs)} pairs")
    if scores.dtype.kind != "f":
        raise generator.blame(f"gave scores of type {scores.dtype}, not float32")
    if not np.isfinite(scores).all() or scores.min() < 0 or scores.max() > 1:
        raise generator.blame("gave scores that are not all within 0 to 1")
    return scores.astype(np.float32)
