"""The nearest chunks: the server chooses candidates, and their exact scores are computed here from the stored vectors,
so that they are the same as in any other store.

Up to a number of vectors the server compares all of them. More get an HNSW index, whose breadth is raised until its
recall@10 is high enough; under a filter it goes on until enough chunks meet it (iterative scan), or, where few chunks
do, those alone are compared.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from simsearch.storage.candidates import SPARE, PlaceFinder, take_best
from simsearch.storage.dense.exact import exact_scores
from simsearch.storage.protocols import Matches
from simsearch.types import Rows, Scores, Vectors
from simsearch_postgres.generations import Generation, index_name
from simsearch_postgres.session import BigintArray, Connection, Halfvec, one

ROUNDING = 5e-4
"""How far the server's scores can be off: it rounds a question's numbers to 11 bits."""

LEAST_RECALL, MOST_BREADTH, FIRST_BREADTH = 0.97, 1000, 100
LINKS, BREADTH_OF_BUILDING = 16, 100
MOST_DIMENSIONS = 4000
"""Of a halfvec that HNSW can index."""

SAMPLE = 64
FEW = 0.1
"""Of all vectors; a filter that allows fewer has them compared one by one."""

MOST_SCANNED = 200_000
HEADER = 4
"""Bytes of a halfvec before its numbers."""


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """A model's HNSW index; a breadth of 0 means that there is none."""

    breadth: int
    recall: float
    milliseconds: float
    measured: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What meets a condition: chunks, int64 ascending, and their vectors as the server takes them."""

    chunks: Rows
    vectors: BigintArray


class DenseSearch:
    """Searches the vectors of one generation.

    Args:
        connection: In a transaction.
    """

    def __init__(self, connection: Connection, generation: Generation, places: PlaceFinder) -> None:
        self._connection = connection
        self._generation = generation
        self._places = places
        self.index = read_index(connection, generation)

    def search(self, query: Vectors, k: int, wanted: Filter | None = None) -> Matches:
        """The k nearest chunks of one question, float32 [d]; equal scores are ordered by path and start."""
        wide, exact = k + SPARE, not self._can_use_index(wanted)
        while True:
            vectors, chunks, scores = self._candidates(query, wide, wanted, exact)
            if not exact and vectors < wide:
                exact = True  # the index came to its end before there were enough
                continue
            order = np.lexsort((chunks, -scores))
            found = take_best(
                self._places,
                scores[order],
                chunks[order],
                k,
                ROUNDING if exact else -1.0,
                exhausted=vectors < wide,
            )
            if found is not None:
                return found
            wide *= 4

    def score(self, queries: Vectors, chunks: list[int]) -> tuple[Rows, Scores]:
        """Those chunks that have a vector, and their scores, float32 [q, m]."""
        rows = self._connection.execute(
            "SELECT c.id, halfvec_send(v.vector) FROM chunks c JOIN vectors v ON v.id = c.vector "
            "WHERE c.id = ANY(%s) AND NOT c.pending ORDER BY c.id",
            (chunks,),
            binary=True,
        ).fetchall()
        codes = _codes([vector for _, vector in rows], self._generation.identity.dimension)
        found = np.array([chunk for chunk, _ in rows], np.int64)
        scores = [exact_scores(codes, query) for query in queries]
        return found, np.array(scores, np.float32).reshape(len(queries), len(found))

    def _can_use_index(self, wanted: Filter | None) -> bool:
        if not self.index.breadth:
            return False
        if wanted is None:
            return True
        (chunks,) = one(self._connection, "SELECT chunks FROM generations WHERE id = %s", self._generation.id)
        return len(wanted.chunks) > FEW * int(chunks)

    def _candidates(
        self, query: Vectors, wide: int, wanted: Filter | None, exact: bool
    ) -> tuple[int, Rows, Scores]:
        """How many vectors were found, at most `wide`, and their chunks with exact scores."""
        if self.index.breadth:
            self._choose_way(wide, exact)
        statement, values = self._statement(query, wide, wanted, exact)
        rows = self._connection.execute(statement, values, binary=True).fetchall()
        vectors = {vector for vector, _, _ in rows}
        alive = [(chunk, code) for _, chunk, code in rows if chunk is not None]
        if wanted is not None:  # a vector that a chunk shares with others is found for all of them
            fits = np.isin([chunk for chunk, _ in alive], wanted.chunks, True)
            alive = [one for one, fit in zip(alive, fits, strict=True) if fit]
        codes = _codes([code for _, code in alive], self._generation.identity.dimension)
        return len(vectors), np.array([chunk for chunk, _ in alive], np.int64), exact_scores(codes, query)

    def _statement(
        self, query: Vectors, wide: int, wanted: Filter | None, exact: bool
    ) -> tuple[str, list[Any]]:
        """All numbers in the text are our own; the index is used only where its expression and its model are there."""
        number, dimension = int(self._generation.id), self._generation.identity.dimension
        column = "v.vector" if exact else f"(v.vector::halfvec({dimension}))"
        where, values = f"v.model = {int(self._generation.model)} AND v.vector IS NOT NULL", list[Any]()
        if wanted is not None:
            where, values = f"{where} AND v.id = ANY(%s)", [wanted.vectors]
        return (
            "SELECT v.id, c.id, halfvec_send(v.vector) FROM ("
            f"SELECT v.id, v.vector FROM vectors v WHERE {where} "
            f"ORDER BY {column} <#> %s::halfvec({dimension}) LIMIT %s) v "
            f"LEFT JOIN chunks c ON c.vector = v.id AND c.generation = {number} AND NOT c.pending"
        ), [*values, as_halfvec(query), wide]

    def _choose_way(self, wide: int, exact: bool) -> None:
        """The planner would not always choose the index, whose cost it overestimates."""
        breadth = min(max(self.index.breadth, wide), MOST_BREADTH)
        self._connection.execute(
            "SELECT set_config('enable_seqscan', %s, true), set_config('hnsw.ef_search', %s, true), "
            "set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.max_scan_tuples', %s, true)",
            ("on" if exact else "off", str(breadth), str(MOST_SCANNED)),
        )


def read_index(connection: Connection, generation: Generation) -> VectorIndex:
    """What is known of a model's HNSW index."""
    row = one(
        connection,
        "SELECT breadth, recall, milliseconds, measured FROM models WHERE id = %s",
        generation.model,
    )
    return VectorIndex(row[0], round(row[1], 4), round(row[2], 2), row[3])


def renew_index(connection: Connection, generation: Generation, exact: int) -> VectorIndex | None:
    """Build the HNSW index of a model that has outgrown exact search; None where nothing was to do.

    Args:
        exact: Vectors up to which all are compared.
    """
    dimension, model = generation.identity.dimension, int(generation.model)
    (count,) = one(connection, "SELECT count(*) FROM vectors WHERE model = %s AND vector IS NOT NULL", model)
    if count <= exact or dimension > MOST_DIMENSIONS or read_index(connection, generation).breadth:
        return None
    connection.execute(_MEMORY_TO_BUILD)
    connection.execute(
        f"CREATE INDEX {index_name(model)} ON vectors USING hnsw ((vector::halfvec({dimension})) halfvec_ip_ops) "
        f"WITH (m = {LINKS}, ef_construction = {BREADTH_OF_BUILDING}) WHERE model = {model} AND vector IS NOT NULL"
    )
    return _measure(connection, generation)


_MEMORY_TO_BUILD = """
    SELECT set_config('maintenance_work_mem', '512MB', true)
    WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes('512MB')
"""
"""Without it, pgvector builds the graph on disk, which is slow; a server that allows more keeps its own setting."""


def as_halfvec(vector: Vectors) -> Halfvec:
    """A vector, float32 [d], as the server stores it."""
    return Halfvec(np.asarray(vector, ">f2").tobytes())


def _measure(connection: Connection, generation: Generation) -> VectorIndex:
    """Raise the breadth until recall@10 is high enough on a sample of stored vectors, and write it down."""
    queries = _codes(
        [
            code
            for (code,) in connection.execute(
                "SELECT halfvec_send(vector) FROM vectors WHERE model = %s AND vector IS NOT NULL "
                "ORDER BY md5(id::text) LIMIT %s",
                (generation.model, SAMPLE),
                binary=True,
            )
        ],
        generation.identity.dimension,
    ).astype(np.float32)
    truth = [set(_nearest(connection, generation, query, 0)) for query in queries]
    breadth, recall, milliseconds = 0, 0.0, 0.0
    while recall < LEAST_RECALL and breadth < MOST_BREADTH:
        breadth = min(max(2 * breadth, FIRST_BREADTH), MOST_BREADTH)
        began = time.perf_counter()
        found = [set(_nearest(connection, generation, query, breadth)) for query in queries]
        milliseconds = (time.perf_counter() - began) * 1000 / len(queries)
        recall = float(
            np.mean([len(one & other) / len(one) for one, other in zip(truth, found, strict=True)])
        )
    index = VectorIndex(breadth, recall, milliseconds, date.today().isoformat())
    connection.execute(
        "UPDATE models SET breadth = %s, recall = %s, milliseconds = %s, measured = %s WHERE id = %s",
        (index.breadth, index.recall, index.milliseconds, index.measured, generation.model),
    )
    return index


def _nearest(connection: Connection, generation: Generation, query: Vectors, breadth: int) -> Iterator[int]:
    """The ten nearest vectors; with a breadth by the index, else exactly."""
    dimension = generation.identity.dimension
    column = f"(vector::halfvec({dimension}))" if breadth else "vector"
    if breadth:
        connection.execute("SELECT set_config('hnsw.ef_search', %s, true)", (str(breadth),))
    rows = connection.execute(
        f"SELECT id FROM vectors WHERE model = {int(generation.model)} AND vector IS NOT NULL "
        f"ORDER BY {column} <#> %s::halfvec({dimension}) LIMIT 10",
        (as_halfvec(query),),
    )
    yield from (number for (number,) in rows)


def _codes(vectors: list[bytes], dimension: int) -> np.ndarray[tuple[int, int], np.dtype[np.float16]]:
    """Vectors as the server sends them: float16 [m, d]."""
    joined = b"".join(vector[HEADER:] for vector in vectors)
    return np.frombuffer(joined, ">f2").astype(np.float16).reshape(len(vectors), dimension)
