"""Postings: for each term of each field the chunks that have it, how often, how long their field is, and where.

They are arrays of little-endian numbers, so that those of two runs are joined by putting one behind the other, which
the server does by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsearch.storage.words.bm25 import length_codes
from simsearch.storage.words.passages import Field, Passage, passage_terms

FIELDS: tuple[Field, ...] = ("body", "title", "exact", "path")
NUMBERS = {field: number for number, field in enumerate(FIELDS)}
WITH_POSITIONS = ("body", "path")
LAST_POSITION = 0xFFFF
"""Terms further behind in a chunk are in no phrase."""

CHUNK, COUNT, POSITION = np.dtype("<u4"), np.dtype("<u2"), np.dtype("<u2")


@dataclass(frozen=True, slots=True)
class Postings:
    """The chunks of one term: numbers ascending, how often each has it, and the byte of its field's length."""

    chunks: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.uint8]


class RunBuilder:
    """Collects the terms of new chunks until they are written."""

    def __init__(self) -> None:
        self.first = 0
        self.chunks = 0
        self.terms: dict[Field, int] = dict.fromkeys(FIELDS, 0)
        self.languages: defaultdict[str, int] = defaultdict(int)
        self._found: defaultdict[tuple[Field, str], list[tuple[int, int, list[int]]]] = defaultdict(list)

    def add(self, passage: Passage) -> None:
        """Add a chunk; chunks come in the order of their numbers."""
        self.first = self.first or passage.chunk
        self.chunks += 1
        self.languages[passage.language] += 1
        for field, terms in passage_terms(passage).items():
            self.terms[field] += len(terms)
            places = defaultdict(list)
            for position, term in enumerate(terms):
                places[term].append(position)
            for term, positions in places.items():
                self._found[field, term].append((passage.chunk, len(terms), positions))

    def rows(self) -> Iterator[tuple[int, str, int, bytes, bytes, bytes, bytes]]:
        """Field, term, number of chunks, and their chunks, counts, lengths and positions."""
        for (field, term), found in self._found.items():
            lengths = length_codes([length for _, length, _ in found])
            counts = [min(len(positions), 0xFFFF) for *_, positions in found]
            kept = found if field in WITH_POSITIONS else []
            yield (
                NUMBERS[field],
                term,
                len(found),
                np.array([chunk for chunk, *_ in found], CHUNK).tobytes(),
                np.array(counts, COUNT).tobytes(),
                lengths.tobytes(),
                np.array(
                    [min(p, LAST_POSITION) for *_, some in kept for p in some[:0xFFFF]], POSITION
                ).tobytes(),
            )
