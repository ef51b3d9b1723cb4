"""Chunks whose vectors are nearly the same, compared block by block: memory stays flat, time grows with the square."""

from __future__ import annotations

import sqlite3

import numpy as np

from simsearch.storage.database.generations import Generation
from simsearch.storage.database.vectors import look_up
from simsearch.types import Rows, Vectors

BLOCK = 2048


def find_near_duplicates(
    connection: sqlite3.Connection, generation: Generation, threshold: float
) -> list[Rows]:
    """Groups of chunk numbers, int64 [m] ascending each: every chunk has another of its group at a cosine of
    `threshold` or more."""
    numbers = np.array(
        connection.execute(
            "SELECT id FROM chunks WHERE generation = ? AND batch IS NOT NULL ORDER BY id", (generation.id,)
        ).fetchall(),
        np.int64,
    ).reshape(-1)
    starts = range(0, len(numbers), BLOCK)
    groups = _Groups(len(numbers))

    def block(start: int) -> Vectors:
        chunks = numbers[start : start + BLOCK].tolist()
        return look_up(connection, chunks, generation.identity.dimension)[1].astype(np.float32)

    for start in starts:
        vectors = block(start)
        for other in starts[start // BLOCK :]:
            near = vectors @ block(other).T >= threshold
            for row in np.flatnonzero(near.any(axis=1)):
                groups.join(start + int(row), other + np.flatnonzero(near[row]))
    return [numbers[members] for members in groups.of_many()]


class _Groups:
    """What belongs together, so far. The pairs themselves are never kept: ten thousand equal chunks have fifty
    million."""

    def __init__(self, count: int) -> None:
        self._group = np.arange(count)
        self._members: dict[int, Rows] = {}

    def join(self, one: int, others: Rows) -> None:
        """Put one and all others into a group; the largest takes in the rest."""
        names = np.unique(self._group[others])
        if (names == self._group[one]).all():
            return
        parts = sorted((self._of(int(name)) for name in np.union1d(names, self._group[one])), key=len)
        name = int(self._group[parts[-1][0]])
        for part in parts[:-1]:
            self._members.pop(int(self._group[part[0]]), None)
            self._group[part] = name
        self._members[name] = np.concatenate(parts)

    def of_many(self) -> list[Rows]:
        """The groups of two and more, by their first member."""
        return sorted((np.sort(members) for members in self._members.values()), key=lambda rows: int(rows[0]))

    def _of(self, name: int) -> Rows:
        return self._members.get(name, np.array([name]))
