"""Vectors from the database itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from simsearch.errors import StorageError
from simsearch.storage.database.generations import Generation
from simsearch.storage.database.records import as_json
from simsearch.types import Rows

Codes = NDArray[np.float16]

LAST_BATCH = 2**62
"""Above the number of any batch."""

_IN_RANGE = "WHERE c.generation = ? AND c.batch BETWEEN ? AND ?"


def read_vectors(
    connection: sqlite3.Connection, generation: Generation, first: int, last: int
) -> tuple[Rows, Codes]:
    """The chunks of a range of batches, int64 [n] ascending, and their vectors, float16 [n, d].

    Raises:
        StorageError: A vector has another length than it must.
    """
    bounds = (generation.id, first, last)
    count = connection.execute(f"SELECT count(*) FROM chunks c {_IN_RANGE}", bounds).fetchone()[0]
    found = connection.execute(
        f"SELECT c.id, v.vector FROM chunks c JOIN vectors v ON v.id = c.vector {_IN_RANGE} ORDER BY c.id",
        bounds,
    )
    return _arrays(found, count, generation.identity.dimension)


def look_up(
    connection: sqlite3.Connection,
    chunks: Iterable[int],
    dimension: int,
    first: int = 0,
    last: int = LAST_BATCH,
) -> tuple[Rows, Codes]:
    """Those of some chunks that exist and have a vector, int64 [n] ascending, and their vectors, float16 [n, d].

    Args:
        first: Only chunks of the batches from `first` to `last`.
    """
    found = connection.execute(
        "SELECT c.id, v.vector FROM chunks c JOIN vectors v ON v.id = c.vector "
        "WHERE c.id IN (SELECT value FROM json_each(?)) AND c.batch BETWEEN ? AND ? ORDER BY c.id",
        (as_json(chunks), first, last),
    ).fetchall()
    return _arrays(found, len(found), dimension)


def read_vectors_of(
    connection: sqlite3.Connection, generation: Generation, keys: Sequence[str]
) -> dict[str, bytes]:
    """Vectors as they are stored, by key."""
    found = connection.execute(
        "SELECT key, vector FROM vectors "
        "WHERE model = ? AND vector IS NOT NULL AND key IN (SELECT value FROM json_each(?))",
        (generation.model, json.dumps(list(keys))),
    )
    return dict(found.fetchall())


def _arrays(found: Iterable[tuple[int, bytes]], count: int, dimension: int) -> tuple[Rows, Codes]:
    size = 2 * dimension
    chunks, codes = np.empty(count, np.int64), bytearray(count * size)
    for row, (chunk, vector) in enumerate(found):
        if len(vector) != size:
            raise StorageError("A vector in the database is damaged; `simsearch check` says what to do.")
        chunks[row] = chunk
        codes[row * size : (row + 1) * size] = vector
    return chunks, np.frombuffer(codes, "<f2").reshape(count, dimension)
