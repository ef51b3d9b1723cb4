"""Generations: which index is active, which is being built, and how one takes the other's place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simsearch.storage.protocols import Coverage, Identity
from simsearch.storage.vector_checks import demand_dimension
from simsearch.storage.words.word_files import ANALYSIS
from simsearch_postgres.session import Connection, one

_SELECT = """
    SELECT g.id, g.model, g.analysis, g.name, m.fingerprint, m.dimension, g.chunker, g.readers
    FROM generations g JOIN models m ON m.id = g.model WHERE g.state = %s
"""


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete index: its number, its model's number, the version of the analysis that made its terms, and what
    decides it."""

    id: int
    model: int
    analysis: int
    identity: Identity

    @property
    def analysed(self) -> bool:
        """Whether questions are analysed as its texts were."""
        return self.analysis == ANALYSIS


def find_generation(connection: Connection, state: str) -> Generation | None:
    """The one generation of a state, `active` or `building`."""
    row = connection.execute(_SELECT, (state,)).fetchone()
    if row is None:
        return None
    number, model, analysis, *identity = row
    return Generation(number, model, analysis, Identity(*identity))


def open_generation(connection: Connection, identity: Identity) -> tuple[Generation, bool]:
    """The generation that a writer of this identity works on, and whether it is the active one.

    The very first is active from its first commit; later ones are built next to the active one.
    """
    active = find_generation(connection, "active")
    building = find_generation(connection, "building")
    for generation in filter(None, (active, building)):
        if generation.identity.same_index(identity):
            connection.execute(
                "UPDATE generations SET name = %s WHERE id = %s AND name <> %s",
                (identity.model, generation.id, identity.model),
            )
            return replace(generation, identity=identity), generation is active
    drop_building(connection)
    return _create(connection, identity, "building" if active else "active"), active is None


def activate(connection: Connection, generation: Generation) -> None:
    """Put a built generation in the place of the active one."""
    connection.execute("UPDATE generations SET state = 'dropped' WHERE state = 'active'")
    connection.execute("UPDATE generations SET state = 'active' WHERE id = %s", (generation.id,))


def drop_building(connection: Connection) -> None:
    """Give up an unfinished move to another model."""
    connection.execute("UPDATE generations SET state = 'dropped' WHERE state = 'building'")


def mark_finished(connection: Connection, generation: Generation, finished: bool) -> None:
    """Write down whether a generation's run has come to its end."""
    connection.execute("UPDATE generations SET finished = %s WHERE id = %s", (finished, generation.id))


def mark_analysed(connection: Connection, generation: Generation) -> Generation:
    """Write down that this version's analysis has made all terms of a generation."""
    connection.execute("UPDATE generations SET analysis = %s WHERE id = %s", (ANALYSIS, generation.id))
    return replace(generation, analysis=ANALYSIS)


def read_coverage(connection: Connection, generation: int) -> Coverage:
    """How many chunks a generation has, and how many of them have a vector."""
    chunks, pending = one(connection, "SELECT chunks, pending FROM generations WHERE id = %s", generation)
    return Coverage(chunks, chunks - pending)


def delete_dropped(connection: Connection) -> None:
    """Delete all that belongs to dropped generations, and models that no generation uses."""
    dropped = [
        number for (number,) in connection.execute("SELECT id FROM generations WHERE state = 'dropped'")
    ]
    for statement in _DELETE if dropped else ():
        connection.execute(statement, {"dropped": dropped})
    unused = connection.execute("SELECT id FROM models WHERE id NOT IN (SELECT model FROM generations)")
    for (model,) in unused.fetchall():
        connection.execute(f"DROP INDEX IF EXISTS {index_name(model)}")
        connection.execute("DELETE FROM vectors WHERE model = %s", (model,))
        connection.execute("DELETE FROM models WHERE id = %s", (model,))


def sweep_vectors(connection: Connection) -> None:
    """Delete vectors that no chunk uses."""
    connection.execute("DELETE FROM vectors v WHERE NOT EXISTS (SELECT FROM chunks c WHERE c.vector = v.id)")


def index_name(model: int) -> str:
    """The name of a model's HNSW index."""
    return f"vectors_of_{int(model)}"


_DOCUMENTS = (
    "SELECT d.id FROM documents d JOIN files f ON f.id = d.file WHERE f.generation = ANY(%(dropped)s)"
)
_DELETE = (
    "DELETE FROM chunks WHERE generation = ANY(%(dropped)s)",
    f"DELETE FROM field_values WHERE document IN ({_DOCUMENTS})",
    f"DELETE FROM documents WHERE id IN ({_DOCUMENTS})",
    "DELETE FROM files WHERE generation = ANY(%(dropped)s)",
    "DELETE FROM postings WHERE generation = ANY(%(dropped)s)",
    "DELETE FROM runs WHERE generation = ANY(%(dropped)s)",
    "DELETE FROM lengths WHERE generation = ANY(%(dropped)s)",
    "DELETE FROM languages WHERE generation = ANY(%(dropped)s)",
    "DELETE FROM generations WHERE id = ANY(%(dropped)s)",
)


def _create(connection: Connection, identity: Identity, state: str) -> Generation:
    model = _model(connection, identity)
    (number,) = one(connection, "UPDATE numbers SET generation = generation + 1 RETURNING generation - 1")
    connection.execute(
        "INSERT INTO generations (id, state, model, analysis, name, chunker, readers) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (number, state, model, ANALYSIS, identity.model, identity.chunker, identity.readers),
    )
    return Generation(number, model, ANALYSIS, identity)


def _model(connection: Connection, identity: Identity) -> int:
    connection.execute(
        "INSERT INTO models (fingerprint, dimension) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (identity.fingerprint, identity.dimension),
    )
    number, dimension = one(
        connection, "SELECT id, dimension FROM models WHERE fingerprint = %s", identity.fingerprint
    )
    demand_dimension(identity, dimension)
    return int(number)
