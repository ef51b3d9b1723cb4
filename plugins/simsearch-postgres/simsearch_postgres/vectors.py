"""Vectors by the keys of their texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsearch.types import Vectors
from simsearch_postgres.dense import HEADER
from simsearch_postgres.generations import Generation
from simsearch_postgres.session import Connection, Halfvec


def missing_keys(connection: Connection, model: int, keys: Sequence[str]) -> set[str]:
    """Those keys that have no vector."""
    rows = connection.execute(
        "SELECT key FROM vectors WHERE model = %s AND vector IS NOT NULL AND key = ANY(%s)",
        (model, list(keys)),
    )
    return set(keys) - {key for (key,) in rows}


def read_vectors(connection: Connection, generation: Generation, keys: Sequence[str]) -> Vectors:
    """The vectors of these keys, which all have one: float32 [len(keys), d]."""
    rows = connection.execute(
        "SELECT key, halfvec_send(vector) FROM vectors WHERE model = %s AND key = ANY(%s)",
        (generation.model, list(keys)),
        binary=True,
    )
    found = {key: vector[HEADER:] for key, vector in rows}
    codes = np.frombuffer(b"".join(found[key] for key in keys), ">f2")
    return codes.astype(np.float32).reshape(len(keys), generation.identity.dimension)


def insert_vectors(
    connection: Connection, generation: Generation, keys: Sequence[str], vectors: Vectors
) -> None:
    """Insert vectors whose keys have none, and end the waiting of the generation's chunks with these keys."""
    codes = [Halfvec(code.tobytes()) for code in np.asarray(vectors, ">f2")]
    connection.execute(
        "INSERT INTO vectors (model, key, vector) SELECT %s, k, v FROM unnest(%s::text[], %b) n (k, v) "
        "ON CONFLICT (model, key) DO UPDATE SET vector = excluded.vector WHERE vectors.vector IS NULL",
        (generation.model, list(keys), codes),
    )
    embedded = connection.execute(
        "UPDATE chunks c SET pending = false FROM vectors v WHERE v.id = c.vector AND c.generation = %s AND c.pending "
        "AND v.model = %s AND v.key = ANY(%s)",
        (generation.id, generation.model, list(keys)),
    ).rowcount
    count_pending(connection, generation.id, -embedded)


def adopt_vectors(connection: Connection, generation: Generation) -> None:
    """End the waiting of chunks whose vector another generation has brought meanwhile."""
    adopted = connection.execute(
        "UPDATE chunks c SET pending = false FROM vectors v WHERE v.id = c.vector AND c.generation = %s AND c.pending "
        "AND v.vector IS NOT NULL",
        (generation.id,),
    ).rowcount
    count_pending(connection, generation.id, -adopted)


def count_pending(connection: Connection, generation: int, more: int) -> None:
    """Add to the number of pending chunks."""
    connection.execute("UPDATE generations SET pending = pending + %s WHERE id = %s", (more, generation))
