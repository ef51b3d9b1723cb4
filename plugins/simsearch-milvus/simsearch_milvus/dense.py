"""The nearest chunks: Milvus compares all vectors that meet an expression (its index FLAT), and the exact scores of the
best are computed here, so that they are the same as in any other store."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsearch.storage.candidates import SPARE, take_best
from simsearch.storage.dense.exact import exact_scores
from simsearch.storage.protocols import Matches
from simsearch.types import Rows, Scores, Vectors
from simsearch_milvus.connecting import LIMIT, Connection, Row
from simsearch_milvus.records import CHUNK_COLUMNS, Reader

ROUNDING = 1e-4
"""More than sums of float32 err, in whatever order the server makes them."""


def search_nearest(
    connection: Connection, chunks: str, reader: Reader, query: Vectors, k: int, expression: str
) -> Matches:
    """The k nearest chunks of one question, float32 [d]; equal scores are ordered by path and start.

    Args:
        chunks: The collection.
        expression: What the chunks meet that are wanted.
    """
    wide = k + SPARE
    while wide <= LIMIT:
        rows = connection.search(chunks, "dense", query.tolist(), wide, expression, [*CHUNK_COLUMNS, "dense"])
        reader.keep(rows)
        found = _best(reader, rows, query, k, exhausted=len(rows) < wide)
        if found is not None:
            return found
        wide *= 4
    found = _best(reader, connection.rows(chunks, expression, ["dense"]), query, k, exhausted=True)
    assert found is not None
    return found


def score_nearest(
    connection: Connection, chunks: str, queries: Vectors, numbers: Sequence[int], expression: str
) -> dict[int, Scores]:
    """The scores of those chunks that meet an expression, float32 [q] each."""
    rows = list(connection.among(chunks, "number", numbers, ["dense"], expression))
    vectors = _vectors(rows, queries.shape[1])
    scores = np.array([exact_scores(vectors, query) for query in queries], np.float32)
    return {row["number"]: scores[:, place] for place, row in enumerate(rows)}


def _best(reader: Reader, rows: Sequence[Row], query: Vectors, k: int, exhausted: bool) -> Matches | None:
    numbers: Rows = np.array([row["number"] for row in rows], np.int64)
    scores = exact_scores(_vectors(rows, len(query)), query)
    order = np.lexsort((numbers, -scores))
    return take_best(reader, scores[order], numbers[order], k, ROUNDING, exhausted)


def _vectors(rows: Sequence[Row], dimension: int) -> Vectors:
    return np.array([row["dense"] for row in rows], np.float32).reshape(len(rows), dimension)
