"""A vector for searches in which only the condition counts."""

from __future__ import annotations

import numpy as np

from simsearch.types import Vectors


def any_vector(dimension: int) -> Vectors:
    """Some unit vector, float32 [1, dimension]."""
    vector: Vectors = np.zeros((1, dimension), np.float32)
    vector[0, 0] = 1.0
    return vector
