"""Chunks whose vectors are nearly the same, compared block by block: memory stays flat, time grows with the square."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import numpy as np

from simsearch.storage.generations import Generation
from simsearch.storage.vectors import read_vectors

BLOCK = 4096


def twins(
    connection: sqlite3.Connection, generation: Generation, threshold: float
) -> Iterator[tuple[int, int]]:
    """Pairs of chunk numbers with a cosine of `threshold` or more, the lower number first."""
    numbers = [
        chunk
        for (chunk,) in connection.execute(
            "SELECT id FROM chunks WHERE generation = ? ORDER BY id", (generation.id,)
        )
    ]
    bounds = [
        (numbers[start], numbers[min(start + BLOCK, len(numbers)) - 1])
        for start in range(0, len(numbers), BLOCK)
    ]
    for place, (first, last) in enumerate(bounds):
        chunks, codes = read_vectors(connection, generation, first, last)
        vectors = codes.astype(np.float32)
        for other_first, other_last in bounds[place:]:
            others, other_codes = read_vectors(connection, generation, other_first, other_last)
            near = np.argwhere(vectors @ other_codes.astype(np.float32).T >= threshold)
            for one, other in near:
                if chunks[one] < others[other]:
                    yield int(chunks[one]), int(others[other])
