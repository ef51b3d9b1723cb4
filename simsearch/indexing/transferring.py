"""Vectors of an index for its next model, where that differs only by a linear map: multiplied, not embedded."""

from __future__ import annotations

import numpy as np

from simsearch.indexing.model import Model
from simsearch.storage.capabilities import Listing
from simsearch.storage.protocols import Store, Writer
from simsearch.types import Notice, Observer

BLOCK = 8192
SAMPLE = 32
MOST_DIFFERENT = 1e-3
"""In any number of a vector; stored vectors are rounded to about a tenth of that."""


def transfer_vectors(writer: Writer, store: Store, model: Model, observe: Observer | None) -> int:
    """Give pending chunks the vectors that the active index has for them, as the next model would make them.

    A sample is embedded to check; if it differs, all chunks are left to the embedder, with a warning.

    Returns:
        How many keys got their vector.
    """
    snapshot = store.read()
    try:
        transfer = model.find_transfer(snapshot.identity.model, snapshot.identity.fingerprint)
        if transfer is None or not isinstance(snapshot, Listing):
            return 0
        pending = writer.pending()
        missing = snapshot.missing(pending)
        keys = [key for key in pending if key not in missing]
        sample = writer.strings(keys[:: max(len(keys) // SAMPLE, 1)][:SAMPLE])
        expected = model.embedder.encode(list(sample.values()))
        found = transfer(snapshot.vectors(list(sample)))
        if sample and np.abs(found - expected).max() > MOST_DIFFERENT:
            _say(
                observe,
                "The stored vectors don't fit the model's linear map: all chunks are embedded again.",
                True,
            )
            return 0
        for start in range(0, len(keys), BLOCK):
            block = keys[start : start + BLOCK]
            writer.put_vectors(block, transfer(snapshot.vectors(block)))
    finally:
        snapshot.close()
    if keys:
        _say(observe, f"{len(keys)} stored vectors are reused: {model.name} differs only by a linear map.")
    return len(keys)


def _say(observe: Observer | None, text: str, warning: bool = False) -> None:
    if observe:
        observe(Notice(text, warning))
