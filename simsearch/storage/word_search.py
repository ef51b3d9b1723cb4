"""The best chunks for the words of a text, dead ones dropped."""

from __future__ import annotations

import sqlite3

import numpy as np

from simsearch.storage.door import Matches
from simsearch.storage.settling import SPARE, settled
from simsearch.storage.words import WordsIndex
from simsearch.types import Rows

FEW_ALLOWED = 10_000
"""Up to so many allowed chunks become part of the question; of more, enough turn up among the best."""


def search_words(
    connection: sqlite3.Connection, index: WordsIndex, text: str, k: int, allowed: Rows | None = None
) -> Matches:
    """The k best live chunks; equal scores stand in the order of path and start."""
    few = allowed if allowed is not None and len(allowed) <= FEW_ALLOWED else None
    wide = k + SPARE
    while True:
        scores, chunks = index.search(text, wide, few)
        exhausted = len(chunks) < wide
        if allowed is not None and few is None:
            wanted = np.isin(chunks, allowed)
            scores, chunks = scores[wanted], chunks[wanted]
        matches = settled(connection, scores, chunks, k, 0.0, exhausted)
        if matches is not None:
            return matches
        wide *= 4
