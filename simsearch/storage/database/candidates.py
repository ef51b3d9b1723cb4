"""From candidates of a derived index to matches: chunks that the database doesn't know are dropped, and equal scores
are ordered by path and start, whatever order the index held them in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from simsearch.storage.database.records import as_json, document_id
from simsearch.storage.protocols import Matches, Place
from simsearch.types import Rows, Scores

SPARE = 16
"""Candidates asked for beyond k, so that a few dead ones and ties cost no second search."""


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


def take_best(
    places: Places, scores: Scores, chunks: Rows, k: int, tolerance: float, exhausted: bool
) -> Matches | None:
    """The k best of some candidates, without those that are gone; None where a wider search could change the result.

    Args:
        scores: float32 [m], from high to low.
        chunks: int64 [m].
        tolerance: How far scores can be off by rounding in what chose the candidates.
        exhausted: There are no other candidates.
    """
    numbers = chunks.tolist()
    place = places.of(numbers)
    alive = [i for i, chunk in enumerate(numbers) if chunk in place]
    alive.sort(key=lambda i: (-scores[i], place[numbers[i]]))
    undecided = len(alive) <= k or (k and scores[alive[k - 1]] <= scores[-1] + tolerance)
    if undecided and not exhausted:
        return None
    return Matches(chunks[alive[:k]], scores[alive[:k]])


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
