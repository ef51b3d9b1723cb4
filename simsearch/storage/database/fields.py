"""What filters compare: each document's title, id and metadata, a row for each value, sorted by field and value."""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from simsearch.utf8 import storable

OWN_FIELDS = ("path", "id", "title")
"""What every document has; `path` is its file's, and kept there."""

LONGEST = 1000
"""Characters of a value that are compared."""

_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)(\.\d+)?")
"""Digits after a leading zero are a code, not a number."""

_HELD = 1 << 63
"""Whole numbers beyond this are words, for SQLite holds none."""

INSERT_FIELDS = """
    INSERT OR IGNORE INTO fields (generation, field, value, document)
    SELECT f.generation, json_extract(v.value, '$[0]'), json_extract(v.value, '$[1]'), d.id
    FROM files f JOIN documents d ON d.file = f.id
    JOIN json_each(field_values(d.metadata, d.title, CASE d.name WHEN '' THEN f.path ELSE d.name END)) v
"""


def define_field_values(connection: sqlite3.Connection) -> None:
    """Let a connection call what insert_fields needs."""
    connection.create_function("field_values", 3, _field_values, deterministic=True)


def insert_fields(connection: sqlite3.Connection, file: int) -> None:
    """Insert the fields of a file's documents."""
    connection.execute(f"{INSERT_FIELDS} WHERE f.id = ?", (file,))


def delete_fields(connection: sqlite3.Connection, file: int) -> None:
    """Delete the fields of a file's documents, which are still there."""
    connection.execute(
        "DELETE FROM fields WHERE document IN (SELECT id FROM documents WHERE file = ?)", (file,)
    )


def folded(text: str) -> str:
    """Words as they are compared: without regard to case, and only what SQLite can hold."""
    return storable(text).replace("\0", " ").casefold()[:LONGEST]


def as_number(text: str) -> float | None:
    """The number that a text is; a whole one exactly."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    number = float(text) if found[2] else int(text)
    return number if _holdable(number) else None


def _holdable(number: float) -> bool:
    return -_HELD <= number < _HELD if isinstance(number, int) else math.isfinite(number)


def _field_values(metadata: str, title: str, name: str) -> str:
    """All values of a document as JSON, [[field, value], …]."""
    own = {"title": title, "id": name}
    others = {field: value for field, value in json.loads(metadata).items() if field not in OWN_FIELDS}
    return json.dumps(
        [[storable(field), value] for field, given in {**others, **own}.items() for value in _values(given)]
    )


def _values(given: Any) -> Iterator[str | float]:
    """What one field compares as; of a list, or of an object, each of its values. A number in words is both."""
    match given:
        case bool():
            yield str(given).lower()
        case int() | float():
            if _holdable(given):
                yield given
            elif isinstance(given, int):
                yield str(given)[:LONGEST]
        case str():
            yield (words := folded(given))
            if (number := as_number(words)) is not None:
                yield number
        case list() | dict():
            for one in given.values() if isinstance(given, dict) else given:
                if not isinstance(one, list | dict):
                    yield from _values(one)
