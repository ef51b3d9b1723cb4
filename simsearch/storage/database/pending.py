"""Chunks that wait for their vectors: which ones, in which order, and what to embed for them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache

from simsearch.storage.protocols import Coverage
from simsearch.types import Chunk, Document


def read_coverage(connection: sqlite3.Connection, generation: int) -> Coverage:
    """How many chunks there are, and how many of them have a vector."""
    chunks, pending = connection.execute(
        "SELECT chunks, pending FROM generations WHERE id = ?", (generation,)
    ).fetchone()
    return Coverage(chunks, chunks - pending)


def pending_keys(connection: sqlite3.Connection, generation: int) -> list[str]:
    """The keys that chunks wait for, each once, newest files first (a file of time 0 has changed just now)."""
    rows = connection.execute(
        "SELECT v.key FROM chunks c JOIN vectors v ON v.id = c.vector JOIN documents d ON d.id = c.document "
        "JOIN files f ON f.id = d.file WHERE c.generation = ? AND c.batch IS NULL "
        "ORDER BY f.modified <> 0, f.modified DESC, c.id",
        (generation,),
    )
    return list(dict.fromkeys(key for (key,) in rows))


def read_strings(
    connection: sqlite3.Connection, generation: int, model: int, keys: Sequence[str]
) -> dict[str, str]:
    """What to embed, by key."""
    return dict(_strings(connection, generation, model, keys))


def _strings(
    connection: sqlite3.Connection, generation: int, model: int, keys: Sequence[str]
) -> Iterator[tuple[str, str]]:
    @lru_cache(maxsize=1)
    def document(number: int) -> Document:
        (text,) = connection.execute("SELECT text FROM documents WHERE id = ?", (number,)).fetchone()
        return Document(text)

    rows = connection.execute(
        "SELECT v.key, c.document, c.start, c.end, c.prefix FROM vectors v "
        "JOIN chunks c ON c.id = (SELECT min(id) FROM chunks WHERE vector = v.id AND generation = ?) "
        "WHERE v.model = ? AND v.key IN (SELECT value FROM json_each(?)) ORDER BY c.document",
        (generation, model, json.dumps(list(keys))),
    ).fetchall()
    for key, number, start, end, prefix in rows:
        yield key, Chunk(start, end, prefix).embedded(document(number))
