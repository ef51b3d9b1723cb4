"""What is deleted once no snapshot may use it: removed rows, replaced generations, and vectors without a chunk."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from simsearch_milvus.connecting import AT_ONCE, Connection
from simsearch_milvus.numbers import NEVER
from simsearch_milvus.records import PARTS, Collections, collections_of, document_rows
from simsearch_milvus.schema import Kind
from simsearch_milvus.state import LIVING, Generation, State


def forget_old(state: State) -> State:
    """The state in which nothing is kept that no snapshot may use any more."""
    limit = time.time() - state.keep
    purged = max((commit for commit, made in state.times if made <= limit), default=state.purged)
    return replace(
        state,
        purged=max(purged, state.purged),
        times=tuple(one for one in state.times if one[0] >= purged),
        dropped=tuple(one for one in state.dropped if one.time > limit),
    )


def delete_forgotten(connection: Connection, state: State) -> None:
    """Delete what the state has forgotten: rows, and collections that no generation uses."""
    used = {connection.server.collection(name) for name in ("state", "writers")}
    for generation in filter(None, (state.active, state.building)):
        of = collections_of(connection, generation)
        used |= {of.chunks, of.records, of.lookup, of.vectors}
        _delete_removed(connection, of, state.purged)
        if generation.summed_in <= state.purged:
            connection.delete(of.lookup, f"kind == {int(Kind.TERM)} and number < {generation.first_term}")
    for dropped in state.dropped:
        used |= {connection.server.collection(dropped.id, part) for part in PARTS}
    for collection in set(connection.collections()) - used:
        connection.drop(collection)


def sweep_vectors(connection: Connection, state: State, generation: Generation) -> None:
    """Delete vectors whose last chunk was removed."""
    of = collections_of(connection, generation)
    candidates = list(set(connection.every_number(of.chunks, f"died < {NEVER}", "vector")))
    for start in range(0, len(candidates), AT_ONCE):
        part = candidates[start : start + AT_ONCE]
        unused = sorted(set(part) - _used_vectors(connection, state, generation, part))
        if unused:
            connection.delete(of.vectors, f"number in {unused}")


def _used_vectors(
    connection: Connection, state: State, generation: Generation, vectors: list[int]
) -> set[int]:
    same = [one for one in (state.active, state.building) if one and one.model == generation.model]
    found: Iterator[int] = (
        row["vector"]
        for one in same
        for row in connection.among(
            collections_of(connection, one).chunks, "vector", vectors, ["vector"], LIVING
        )
    )
    return set(found)


def _delete_removed(connection: Connection, of: Collections, purged: int) -> None:
    """Delete the rows that were removed up to a commit, and first what belongs to them."""
    removed, files = f"died <= {purged}", f"kind == {int(Kind.FILE)} and died"
    chunks = list(connection.every_number(of.chunks, removed))
    rows = connection.rows(of.records, f"{files} <= {purged}", ["owner"])
    if not (chunks or rows):
        return
    kept = set(connection.every_number(of.records, f"{files} > {purged}", "owner"))
    gone = sorted({row["owner"] for row in rows} - kept)  # a touched file has a new row
    documents = [row["number"] for row in document_rows(connection, of, gone)]
    _delete_among(connection, of.lookup, "owner", documents)
    owners = [*documents, *chunks, *(row["number"] for row in rows)]
    parts = f"kind in [{int(Kind.CONTENT)}, {int(Kind.PIECE)}]"
    _delete_among(connection, of.records, "owner", owners, f" and {parts}")
    _delete_among(connection, of.records, "number", documents)
    connection.delete(of.records, f"{files} <= {purged}")
    connection.delete(of.chunks, removed)


def _delete_among(
    connection: Connection, collection: str, column: str, numbers: Sequence[int], condition: str = ""
) -> None:
    for start in range(0, len(numbers), AT_ONCE):
        connection.delete(collection, f"{column} in {list(numbers[start : start + AT_ONCE])}{condition}")
