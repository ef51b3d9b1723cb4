"""What a store demands of vectors that it is given."""

from __future__ import annotations

from collections.abc import Sequence

from simsearch.errors import StorageError
from simsearch.storage.protocols import Identity
from simsearch.types import Vectors


def demand_vectors(identity: Identity, keys: Sequence[str], vectors: Vectors) -> None:
    """Raise StorageError unless there is a finite vector of the right length for each key."""
    import numpy as np  # here alone, because a run that changes nothing needs no numpy

    if vectors.shape != (len(keys), identity.dimension):
        raise StorageError(
            f"The model {identity.model} gave vectors of shape {vectors.shape} where "
            f"({len(keys)}, {identity.dimension}) is expected; its plugin needs fixing."
        )
    if not np.isfinite(vectors).all():
        raise StorageError(
            f"The model {identity.model} gave a vector that is not finite (NaN or infinite); its plugin needs fixing."
        )


def demand_dimension(identity: Identity, dimension: int) -> None:
    """Raise StorageError unless an index that has vectors of the same fingerprint has them in the same length.

    Args:
        dimension: Of the vectors in the index.
    """
    if dimension != identity.dimension:
        raise StorageError(
            f"The model {identity.model} gives vectors of length {identity.dimension}, but the index has vectors of "
            f"length {dimension} under the same fingerprint; the fingerprint must change whenever the vectors do."
        )


def demand_questions(identity: Identity, vectors: Vectors) -> None:
    """Raise StorageError unless vectors of questions, float32 [q, d], are as long as those of the index."""
    if vectors.ndim != 2 or vectors.shape[1] != identity.dimension:
        raise StorageError(
            f"The index holds vectors of length {identity.dimension} by {identity.model}, but was asked with an array "
            f"of shape {vectors.shape}; query it with the model it was made with."
        )
