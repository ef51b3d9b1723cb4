"""Embedders of plugins at work: an error in one, or a wrong result, names its package."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsearch.plugins.registry import Built
from simsearch.types import Embedder, Role, TokenCounter, Truncation, Vectors

ROUNDING = 1e-3


class GuardedEmbedder:
    """An embedder whose vectors are checked before they are used."""

    def __init__(self, built: Built[Embedder]) -> None:
        self._built = built
        with built.guarded():
            self.name = built.value.name
            self.fingerprint = built.value.fingerprint
            self.dimension = built.value.dimension
            self.tokens: TokenCounter = GuardedTokens(built)

    @property
    def truncation(self) -> Truncation:
        with self._built.guarded():
            return self._built.value.truncation

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order.

        Raises:
            PluginError: The embedder raised, or returned something else.
        """
        with self._built.guarded():
            vectors = self._built.value.encode(texts, role)
        return self._check(vectors, len(texts))

    def _check(self, vectors: Vectors, count: int) -> Vectors:
        if not isinstance(vectors, np.ndarray) or vectors.dtype != np.float32:
            kind = getattr(vectors, "dtype", type(vectors).__name__)
            raise self._built.blame(f"gave vectors of type {kind}, not a numpy array of float32")
        if vectors.shape != (count, self.dimension):
            raise self._built.blame(
                f"gave vectors of shape {vectors.shape} instead of ({count}, {self.dimension})"
            )
        if not np.isfinite(vectors).all():
            raise self._built.blame("gave a vector that is not finite (NaN or infinite)")
        if not (np.abs(np.linalg.norm(vectors, axis=1) - 1) < ROUNDING).all():
            raise self._built.blame("gave a vector that is not of unit length")
        return vectors


class GuardedTokens:
    """The token counter of an embedder. Chunkers call it, and must not be blamed for its errors."""

    def __init__(self, built: Built[Embedder]) -> None:
        self._built = built
        self._tokens = built.value.tokens

    @property
    def limit(self) -> int:
        with self._built.guarded():
            return self._tokens.limit

    def count(self, texts: Sequence[str]) -> list[int]:
        with self._built.guarded():
            return self._tokens.count(texts)

    def spans(self, text: str) -> list[tuple[int, int]]:
        with self._built.guarded():
            return self._tokens.spans(text)
