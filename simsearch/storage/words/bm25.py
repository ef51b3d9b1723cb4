"""BM25 as tantivy computes it (k1 = 1.2, b = 0.75), for stores that keep the terms in an engine of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsearch.types import Scores

K1, B = np.float32(1.2), np.float32(0.75)


def _lengths() -> NDArray[np.uint32]:
    """The lengths that a byte stands for (SmallFloat.byte4ToInt of Lucene)."""
    wide = [(8 | code & 7) << ((code >> 3) - 1) if code >> 3 else code for code in range(232)]
    return np.array([*range(24), *(24 + length for length in wide)], np.uint32)


LENGTHS = _lengths()
"""A field's length is one byte, as in Lucene and tantivy: exact up to 40 terms, and then within an eighth."""


def length_codes(lengths: Sequence[int]) -> NDArray[np.uint8]:
    """The byte of each length."""
    return (np.searchsorted(LENGTHS, lengths, "right") - 1).astype(np.uint8)


def idf(chunks: int, having: int) -> np.float32:
    """The inverse document frequency of a term.

    Args:
        chunks: All of an index.
        having: Those that have the term.
    """
    return np.float32(math.log(1 + (chunks - having + 0.5) / (having + 0.5)))


def saturate(
    factor: np.float32, counts: NDArray[np.integer[Any]], lengths: NDArray[np.uint8], average: float
) -> Scores:
    """What a term adds to the scores of some chunks, float32 [m].

    Args:
        factor: Its weight in the question.
        counts: How often each chunk has it.
        lengths: The bytes of their fields' lengths.
        average: The mean length of that field.
    """
    norms = K1 * (1 - B + B * LENGTHS.astype(np.float32) / np.float32(average or 1.0))
    frequency = counts.astype(np.float32)
    scores: Scores = factor * (frequency / (frequency + norms.astype(np.float32)[lengths]))
    return scores


def round_scores(scores: Scores) -> Scores:
    """Four digits: sums in float32 differ in their last ones with the order of their parts."""
    rounded: Scores = np.round(scores.astype(np.float64), 4).astype(np.float32)
    return rounded
