"""Vectors by the keys of their texts, rounded to 16 bits as in the local store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simsearch.types import Vectors
from simsearch_milvus.connecting import Connection
from simsearch_milvus.numbers import number_of
from simsearch_milvus.records import Collections
from simsearch_milvus.state import PENDING


def known_keys(connection: Connection, of: Collections, keys: Sequence[str]) -> set[str]:
    """Those keys that have a vector."""
    rows = connection.numbered(of.vectors, [number_of(key) for key in keys], ["text"])
    return set(keys) & {row["text"] for row in rows.values()}


def read_vectors(connection: Connection, of: Collections, keys: Sequence[str]) -> dict[str, Vectors]:
    """The vectors of those keys that have one, float32 [d] each."""
    rows = connection.numbered(of.vectors, [number_of(key) for key in keys], ["text", "dense"]).values()
    return {row["text"]: np.array(row["dense"], np.float32) for row in rows}


def insert_vectors(connection: Connection, of: Collections, vectors: Mapping[str, Vectors]) -> None:
    """Keep vectors by key."""
    connection.put(
        of.vectors,
        [{"number": number_of(key), "text": key, "dense": vector} for key, vector in vectors.items()],
    )


def embed_pending(
    connection: Connection, of: Collections, vectors: Mapping[str, Vectors], commit: int
) -> int:
    """Give chunks that wait the vectors of their keys, which a commit is to show; returns how many."""
    by_hash = {number_of(key): vector for key, vector in vectors.items()}
    rows = connection.among(of.chunks, "vector", list(by_hash), ["vector"], PENDING)
    changes = [{"number": row["number"], "dense": by_hash[row["vector"]], "embedded": commit} for row in rows]
    connection.change_each(of.chunks, changes)
    return len(changes)


def rounded(vectors: Vectors) -> Vectors:
    """float32 [n, d] that 16 bits hold."""
    return vectors.astype(np.float16).astype(np.float32)
