"""What a store demands of vectors that it is given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsearch.errors import StorageError
from simsearch.storage.protocols import Identity
from simsearch.types import Vectors


def demand_vectors(identity: Identity, keys: Sequence[str], vectors: Vectors) -> None:
    """Raise StorageError unless there is a finite vector of the right length for each key."""
    if vectors.shape != (len(keys), identity.dimension):
        raise StorageError(
            f"The model {identity.model} gave vectors of shape {vectors.shape} where "
            f"({len(keys)}, {identity.dimension}) is expected; its plugin needs fixing."
        )
    if not np.isfinite(vectors).all():
        raise StorageError(
            f"The model {identity.model} gave a vector that is not finite (NaN or infinite); its plugin needs fixing."
        )


def demand_questions(identity: Identity, vectors: Vectors) -> None:
    """Raise StorageError unless vectors of questions, float32 [q, d], are as long as those of the index."""
    if vectors.ndim != 2 or vectors.shape[1] != identity.dimension:
        raise StorageError(
            f"The index holds vectors of length {identity.dimension} by {identity.model}, but was asked with an array "
            f"of shape {vectors.shape}; query it with the model it was made with."
        )
