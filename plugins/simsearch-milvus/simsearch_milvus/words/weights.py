"""Chunks and questions as sparse vectors, whose inner product is an upper bound of the BM25 score.

A dimension is a term of a field, or a pair of neighbouring terms for phrases. A chunk's weight is what BM25 makes of
the term's frequency and of the field's length, a question's weight is what is left of the formula. The product is the
score itself but for variants of a word, of which only the best counts, for phrases of three terms and more, and for
what the average length has changed since the weights were computed (`stretch`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from simsearch.storage.words.bm25 import K1, length_codes, saturate
from simsearch.storage.words.passages import Field
from simsearch_milvus.numbers import dimension_of

FIELDS: tuple[Field, ...] = ("body", "title", "exact", "path")
WITH_PHRASES = ("body", "path")

Terms = Mapping[Field, Sequence[str]]
"""The terms of each field of a chunk, in order."""

_EVERY_CHUNK = 0
"""A dimension that every chunk has, since Milvus takes no empty vector; questions don't ask for it."""

MOST_STRETCH = 1.5
"""Above it, weights are computed again at the end of a run."""

_ROUNDING = 1.0001
"""More than sums of float32 err."""


def chunk_weights(terms: Terms, averages: Mapping[str, float]) -> dict[int, float]:
    """The sparse vector of a chunk.

    Args:
        averages: The mean length of each field.
    """
    weights = {_EVERY_CHUNK: 1.0}
    for field in FIELDS:
        counts: Counter[tuple[str, ...]] = Counter((term,) for term in terms[field])
        if field in WITH_PHRASES:
            counts.update(pairwise(terms[field]))
        if not counts:
            continue
        lengths = np.repeat(length_codes([len(terms[field])]), len(counts))
        values = saturate(np.float32(1), np.array(list(counts.values())), lengths, averages[field])
        for key, value in zip(counts, values.tolist(), strict=True):
            dimension = dimension_of(field, *key)
            weights[dimension] = weights.get(dimension, 0.0) + value
    return weights


def stretch(averages: Mapping[str, float], lowest: Mapping[str, float]) -> float:
    """How much larger a product can be with today's average lengths.

    Args:
        averages: The mean lengths by field.
        lowest: The lowest that weights were computed with.
    """
    ratios = (averages[field] / lowest[field] for field in FIELDS if lowest.get(field))
    return max(1.0, *ratios) if lowest else 1.0


class QuestionWeights:
    """Adds up the sparse vector of a question."""

    def __init__(self) -> None:
        self.weights: dict[int, float] = {}
        self._constants = 0.0

    def add_term(self, field: Field, term: str, factor: float) -> None:
        """A term.

        Args:
            factor: Of what BM25 makes of its frequency.
        """
        self._add(dimension_of(field, term), factor)

    def add_phrase(self, field: Field, terms: Sequence[str], factor: float) -> None:
        """A phrase of at least two terms. It is nowhere more frequent than the rarest of its pairs."""
        pairs = list(pairwise(terms))
        for pair in pairs:
            self._add(dimension_of(field, *pair), factor / len(pairs))

    def add_constant(self, field: Field, terms: Iterable[str], weight: float) -> None:
        """A weight for each chunk that has one of some terms, however often and however long the chunk is."""
        self._constants += weight
        for term in terms:
            self._add(dimension_of(field, term), weight * float(1 + K1))

    def bound(self, product: float, stretched: float) -> float:
        """What a chunk with this product can score at most."""
        return product * stretched * _ROUNDING + self._constants

    def _add(self, dimension: int, weight: float) -> None:
        self.weights[dimension] = self.weights.get(dimension, 0.0) + weight
