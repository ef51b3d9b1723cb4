"""The best chunks for the words of a text, dead ones dropped."""

from __future__ import annotations

import numpy as np

from simsearch.storage.candidates import SPARE, PlaceFinder, take_best
from simsearch.storage.protocols import Matches
from simsearch.storage.words.words_index import WordsIndex
from simsearch.types import Rows

FEW_ALLOWED = 5_000
"""Up to this number of allowed chunks are part of the question at once."""

WIDEST = 2_000
"""Of more allowed chunks, enough are usually among this number of the best. If not, all become part of the question,
which takes time for each (benchmarks/querying.py)."""


def search_words(
    places: PlaceFinder, index: WordsIndex, text: str, k: int, allowed: Rows | None = None
) -> Matches:
    """The k best live chunks; equal scores are ordered by path and start."""
    wide = k + SPARE
    while True:
        inside = allowed is not None and (len(allowed) <= FEW_ALLOWED or wide > WIDEST)
        scores, chunks = index.search(text, wide, allowed if inside else None)
        exhausted = len(chunks) < wide
        if allowed is not None and not inside:
            wanted = np.isin(chunks, allowed)
            scores, chunks = scores[wanted], chunks[wanted]
        matches = take_best(places, scores, chunks, k, 0.0, exhausted)
        if matches is not None:
            return matches
        wide *= 4
