"""Where the chunks of a snapshot are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from simsearch.storage.database.records import as_json
from simsearch.storage.document_ids import document_id
from simsearch.storage.protocols import Place

MOST_REMEMBERED = 20_000
"""Beyond this number all are forgotten; a question needs about two hundred, most of them several times."""


class Places:
    """Where the living chunks of a snapshot are; what was looked up once is remembered.

    Args:
        connection: In a read transaction, so that nothing it says changes.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[int, Place | None] = {}

    def of(self, chunks: Sequence[int]) -> dict[int, Place]:
        """The place of each chunk that exists."""
        unknown = [chunk for chunk in chunks if chunk not in self._known]
        if unknown:
            self._known |= dict.fromkeys(unknown) | _places_of(self._connection, unknown)
        places = {chunk: place for chunk in chunks if (place := self._known[chunk])}
        if len(self._known) > MOST_REMEMBERED:
            self._known = {}
        return places


def _places_of(connection: sqlite3.Connection, chunks: Iterable[int]) -> dict[int, Place]:
    rows = connection.execute(
        "SELECT c.id, f.path, f.root, d.name, d.id, c.start FROM chunks c JOIN documents d ON d.id = c.document "
        "JOIN files f ON f.id = d.file WHERE c.id IN (SELECT value FROM json_each(?))",
        (as_json(chunks),),
    )
    return {
        chunk: Place(path, document, start, document_id(name, path, root))
        for chunk, path, root, name, document, start in rows
    }
