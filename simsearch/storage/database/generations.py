"""Generations: which index is active, which is being built, and how one takes the other's place."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from simsearch.storage.protocols import Identity
from simsearch.storage.vector_checks import demand_dimension

_SELECT = """
    SELECT g.id, g.model, g.words, g.name, m.fingerprint, m.dimension, g.chunker, g.readers
    FROM generations g JOIN models m ON m.id = g.model WHERE g.state = ?
"""


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete index: its number, its model's number, its word index's folder, and what decides it."""

    id: int
    model: int
    words: str
    identity: Identity

    def serves(self, identity: Identity) -> bool:
        """Whether a writer of that identity would go on with this one; a model may change its name."""
        return self.identity.same_index(identity)


def find_generation(connection: sqlite3.Connection, state: str) -> Generation | None:
    """The one generation of a state, `active` or `building`."""
    row = connection.execute(_SELECT, (state,)).fetchone()
    if row is None:
        return None
    number, model, words, *identity = row
    return Generation(number, model, words, Identity(*identity))


def open_generation(connection: sqlite3.Connection, identity: Identity) -> tuple[Generation, bool]:
    """The generation that a writer of this identity works on, and whether it is the active one.

    The very first is active from its first commit; later ones are built next to the active one.
    """
    active = find_generation(connection, "active")
    building = find_generation(connection, "building")
    for generation in filter(None, (active, building)):
        if generation.serves(identity):
            _rename_model(connection, generation, identity)
            return generation, generation is active
    if building:
        _set_state(connection, building, "dropped")
    return _create(connection, identity, "building" if active else "active"), active is None


def activate(connection: sqlite3.Connection, generation: Generation) -> None:
    """Put a built generation in the place of the active one."""
    active = find_generation(connection, "active")
    if active:
        _set_state(connection, active, "dropped")
    _set_state(connection, generation, "active")


def drop_building(connection: sqlite3.Connection) -> None:
    """Give up an unfinished move to another model."""
    connection.execute("UPDATE generations SET state = 'dropped' WHERE state = 'building'")


def mark_finished(connection: sqlite3.Connection, generation: Generation, finished: bool) -> None:
    """Write down whether a generation's run has come to its end."""
    connection.execute("UPDATE generations SET finished = ? WHERE id = ?", (finished, generation.id))


def is_finished(connection: sqlite3.Connection, generation: Generation) -> bool:
    """Whether the last run came to its end and left no chunk pending; a killed one may have left derived files
    behind the database."""
    finished, pending = connection.execute(
        "SELECT finished, pending FROM generations WHERE id = ?", (generation.id,)
    ).fetchone()
    return bool(finished) and not pending


def delete_dropped(connection: sqlite3.Connection) -> None:
    """Delete all that belongs to dropped generations, and vectors of models that no generation uses."""
    dropped = connection.execute("SELECT id FROM generations WHERE state = 'dropped'").fetchall()
    for generation in dropped:
        for statement in _DELETE:
            connection.execute(statement, generation)
    if dropped:
        unused = "NOT IN (SELECT model FROM generations)"
        connection.execute(f"DELETE FROM vectors WHERE model {unused}")
        connection.execute(f"DELETE FROM models WHERE id {unused}")


_DELETE = (
    "INSERT OR IGNORE INTO loose SELECT vector FROM chunks WHERE generation = ?",
    "DELETE FROM chunks WHERE generation = ?",
    "DELETE FROM fields WHERE generation = ?",
    "DELETE FROM documents WHERE file IN (SELECT id FROM files WHERE generation = ?)",
    "DELETE FROM files WHERE generation = ?",
    "DELETE FROM segments WHERE generation = ?",
    "DELETE FROM tombstones WHERE generation = ?",
    "DELETE FROM generations WHERE id = ?",
)


def _create(connection: sqlite3.Connection, identity: Identity, state: str) -> Generation:
    model = _model(connection, identity)
    number = connection.execute(
        "INSERT INTO generations (state, model, name, chunker, readers) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (state, model, identity.model, identity.chunker, identity.readers),
    ).fetchone()[0]
    return Generation(number, model, "", identity)


def _model(connection: sqlite3.Connection, identity: Identity) -> int:
    connection.execute(
        "INSERT OR IGNORE INTO models (fingerprint, dimension) VALUES (?, ?)",
        (identity.fingerprint, identity.dimension),
    )
    number, dimension = connection.execute(
        "SELECT id, dimension FROM models WHERE fingerprint = ?", (identity.fingerprint,)
    ).fetchone()
    demand_dimension(identity, dimension)
    return int(number)


def _rename_model(connection: sqlite3.Connection, generation: Generation, identity: Identity) -> None:
    if generation.identity.model != identity.model:
        connection.execute("UPDATE generations SET name = ? WHERE id = ?", (identity.model, generation.id))


def _set_state(connection: sqlite3.Connection, generation: Generation, state: str) -> None:
    connection.execute("UPDATE generations SET state = ? WHERE id = ?", (state, generation.id))
