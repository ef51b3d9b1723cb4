"""The map itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simsearch.types import Role, Vectors


@dataclass(frozen=True, slots=True, eq=False)
class LinearMap:
    """x' = x + x·W, scaled to unit length.

    Args:
        weights: W, float32 [d, d]; zero leaves every vector as it is.
        questions_only: Whether vectors of documents stay as they are.
    """

    weights: Vectors
    questions_only: bool

    def apply(self, vectors: Vectors, role: Role) -> Vectors:
        """float32 [n, d] of unit length."""
        return vectors if role == "document" and self.questions_only else apply_weights(vectors, self.weights)

    def undo(self, vectors: Vectors, role: Role) -> Vectors:
        """The unit vectors that `apply` maps to these."""
        if role == "document" and self.questions_only:
            return vectors
        before = np.linalg.solve((np.eye(len(self.weights)) + self.weights).T, vectors.T).T
        unit: Vectors = (before / np.linalg.norm(before, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def shrink(self, share: float) -> LinearMap:
        """The map that moves vectors by a share of the way, 0 to 1, before they are scaled to unit length."""
        return replace(self, weights=(share * self.weights).astype(np.float32))


def apply_weights(vectors: Vectors, weights: Vectors) -> Vectors:
    moved = vectors + vectors @ weights
    unit: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return unit
