"""Generations: which one a writer works on, and how one takes another's place."""

from __future__ import annotations

import time
from dataclasses import replace

from simsearch.storage.protocols import Identity
from simsearch.storage.vector_checks import demand_dimension
from simsearch.storage.words.word_files import ANALYSIS
from simsearch_milvus.connecting import Connection
from simsearch_milvus.numbers import NEVER
from simsearch_milvus.records import collections_of
from simsearch_milvus.schema import (
    chunks_collection,
    lookup_collection,
    records_collection,
    vectors_collection,
)
from simsearch_milvus.state import PENDING, Dropped, Generation, State

STEPS = 8
"""Parts of the time that snapshots are kept for, in which commits are told apart."""


def open_generation(
    connection: Connection, state: State, identity: Identity
) -> tuple[State, Generation, bool]:
    """The generation that a writer of this identity works on, and whether it is the active one.

    The very first is active from its first commit; later ones are built next to the active one.
    """
    for generation in filter(None, (state.active, state.building)):
        if generation.identity.same_index(identity):
            renamed = replace(generation, identity=identity)
            return state, _recover(connection, state, renamed), generation is state.active
    state = replace(state.without_building(), generations=state.generations + 1)
    generation = Generation(state.generations, identity, analysis=ANALYSIS)
    _create(connection, state, generation)
    return state, generation, state.active is None


def activate(state: State, generation: Generation) -> State:
    """The state with a built generation in the place of the active one."""
    old = state.active
    gone = (Dropped(old.id, time.time()),) if old and old.id != generation.id else ()
    return replace(state, active=generation, building=None, dropped=(*state.dropped, *gone))


def with_time(state: State) -> State:
    """The state with the time of its commit, as far as those before are not as good."""
    now = time.time()
    if state.times and now - state.times[-1][1] < state.keep / STEPS:
        return state
    return replace(state, times=(*state.times, (state.commit, now)))


def _recover(connection: Connection, state: State, generation: Generation) -> Generation:
    """Undo what a writer has left that did not come to its commit, and count what waits for vectors again."""
    of = collections_of(connection, generation)
    for collection in (of.chunks, of.records, of.lookup):
        connection.delete(collection, f"number >= {generation.next}")
    for collection in (of.chunks, of.records):
        undone = f"died > {state.commit} and died < {NEVER}"
        numbers = list(connection.every_number(collection, undone))
        connection.change(collection, numbers, {"died": NEVER})
    return replace(generation, pending=connection.count(of.chunks, PENDING))


def _create(connection: Connection, state: State, generation: Generation) -> None:
    of, dimension = collections_of(connection, generation), generation.identity.dimension
    for other in filter(None, (state.active, state.building)):
        if other.model == generation.model:
            demand_dimension(generation.identity, other.identity.dimension)
    for collection in (of.chunks, of.records, of.lookup):
        connection.drop(collection)  # which a run may have left that was killed before its first commit
    connection.create(of.chunks, *chunks_collection(dimension))
    connection.create(of.records, *records_collection())
    connection.create(of.lookup, *lookup_collection())
    if not connection.exists(of.vectors):
        connection.create(of.vectors, *vectors_collection(dimension))
