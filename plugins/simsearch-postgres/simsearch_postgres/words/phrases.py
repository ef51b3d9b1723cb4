"""How often the words of a phrase follow one another in chunks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from simsearch.storage.words.passages import Field
from simsearch_postgres.words.postings import Postings
from simsearch_postgres.words.terms import TermReader


def count_phrase(
    terms: TermReader, field: Field, phrase: Sequence[str], postings: Sequence[Postings]
) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """The chunks that have a phrase, uint32 ascending, and how often.

    Args:
        postings: Of its terms, in order.
    """
    by_length = sorted((one.chunks for one in postings), key=len)
    together = reduce(lambda one, other: np.intersect1d(one, other, True), by_length)
    if not len(together):
        return together, np.empty(0, np.uint16)
    positions = terms.positions(field, sorted(set(phrase)))
    starts = [
        _starts(one, positions[term], together, place)
        for place, (term, one) in enumerate(zip(phrase, postings, strict=True))
    ]
    found = reduce(lambda one, other: np.intersect1d(one, other, True), starts)
    chunks, counts = np.unique(found >> 16, return_counts=True)
    return chunks.astype(np.uint32), counts.astype(np.uint16)


def _starts(
    one: Postings, positions: NDArray[np.uint16], together: NDArray[np.uint32], place: int
) -> NDArray[np.int64]:
    """Where the phrase would start for its word at `place`: chunk number and position in one number, ascending."""
    wanted = np.repeat(np.isin(one.chunks, together, True), one.counts)
    chunks = np.repeat(one.chunks, one.counts)[wanted].astype(np.int64)
    starts = positions[wanted].astype(np.int64) - place
    return (chunks << 16 | starts)[starts >= 0]
