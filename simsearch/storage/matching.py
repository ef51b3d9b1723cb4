"""Which chunks a condition on their documents allows: the condition as SQL over paths and metadata."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import numpy as np

from simsearch.storage.conditions import And, Comparison, Condition, Not, Or
from simsearch.types import Rows

OWN_FIELDS = ("path", "id", "title")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ].*)?)?)?")
_WILD = re.compile(r"[*?]")

_CHUNKS = """
    SELECT c.id FROM files f CROSS JOIN documents d ON d.file = f.id CROSS JOIN chunks c ON c.document = d.id
    WHERE f.generation = ? AND
"""

Sql = tuple[str, list[Any]]
"""An expression with the values of its question marks."""


def matching(connection: sqlite3.Connection, generation: int, condition: Condition) -> Rows:
    """The chunks of the documents that meet a condition: int64 [m], ascending."""
    connection.create_function("folded", 1, _folded, deterministic=True)
    expression, values = _sql(condition)
    rows = connection.execute(_CHUNKS + expression, [generation, *values])
    return np.sort(np.fromiter((chunk for (chunk,) in rows), np.int64))


def has_field(connection: sqlite3.Connection, generation: int, field: str) -> bool:
    """Whether any document has a value for the field."""
    if field in OWN_FIELDS:
        return True
    if '"' in field or "\\" in field:  # no path of SQLite's JSON can name it
        return False
    return bool(
        connection.execute(
            "SELECT EXISTS (SELECT 1 FROM files f CROSS JOIN documents d ON d.file = f.id "
            "WHERE f.generation = ? AND json_type(d.metadata, ?) IS NOT NULL)",
            (generation, _key(field)),
        ).fetchone()[0]
    )


def fields(connection: sqlite3.Connection, generation: int) -> list[str]:
    """Every field that a condition can name, the documents' own first."""
    rows = connection.execute(
        "SELECT DISTINCT key FROM files f CROSS JOIN documents d ON d.file = f.id "
        "CROSS JOIN json_each(d.metadata) WHERE f.generation = ? ORDER BY key",
        (generation,),
    )
    return [*OWN_FIELDS, *(key for (key,) in rows if key not in OWN_FIELDS)]


def _sql(condition: Condition) -> Sql:
    match condition:
        case Not():
            expression, values = _sql(condition.condition)
            return f"NOT ({expression})", values
        case And():
            return _joined(" AND ", condition.conditions)
        case Or():
            return _joined(" OR ", condition.conditions)
        case Comparison():
            return _comparison(condition)


def _joined(word: str, conditions: tuple[Condition, ...]) -> Sql:
    parts = [_sql(condition) for condition in conditions]
    return f"({word.join(part for part, _ in parts)})", [value for _, values in parts for value in values]


def _comparison(asked: Comparison) -> Sql:
    match asked.field:
        case "path":
            return _path(asked)
        case "title":
            return _words("d.title", asked)
        case "id":
            return _words("CASE d.name WHEN '' THEN f.path ELSE d.name END", asked)
        case _:
            return _metadata(asked)


def _path(asked: Comparison) -> Sql:
    """Without a wildcard: whole parts of the path that follow each other, as a folder or a file's name."""
    if asked.operator != ":" or _WILD.search(asked.value):
        return _words("f.path", asked)
    return "instr('/' || f.path || '/', '/' || ? || '/') > 0", [asked.value.removeprefix("./").strip("/")]


def _metadata(asked: Comparison) -> Sql:
    """Of a list one element must fit."""
    expression, values = _value(asked)
    return (
        f"EXISTS (SELECT 1 FROM json_each(d.metadata, ?) v WHERE {expression})",
        [_key(asked.field), *values],
    )


def _value(asked: Comparison) -> Sql:
    """Numbers as numbers, also where a table holds them as text; all else as words."""
    words, values = _words("v.value", asked)
    if asked.value.lower() in ("true", "false") and asked.operator == ":":
        return f"(v.type = ? OR (v.type = 'text' AND {words}))", [asked.value.lower(), *values]
    if not _NUMBER.fullmatch(asked.value):
        return f"(v.type = 'text' AND {words})", values
    number = f"CAST(v.value AS REAL) {_operator(asked)} ?"
    return (
        f"CASE WHEN v.type IN ('integer', 'real') OR (v.type = 'text' AND v.value GLOB '*[0-9]*' "
        f"AND ltrim(v.value, '-') NOT GLOB '*[^0-9.]*' AND v.value NOT GLOB '*.*.*') THEN {number} "
        f"ELSE v.type = 'text' AND {words} END",
        [float(asked.value), *values],
    )


def _words(column: str, asked: Comparison) -> Sql:
    """Without regard to case. A date compares as far as it is written: 2020-05 is all of that month."""
    value = _folded(asked.value)
    if asked.operator == ":" and _WILD.search(value):
        return f"folded({column}) GLOB ?", [value.replace("[", "[[]")]
    if _DATE.fullmatch(value) and column == "v.value":
        return (
            f"v.value GLOB '[0-9][0-9][0-9][0-9]*' AND substr(v.value, 1, {len(value)}) {_operator(asked)} ?",
            [asked.value],
        )
    return f"folded({column}) {_operator(asked)} ?", [value]


def _operator(asked: Comparison) -> str:
    return "=" if asked.operator == ":" else asked.operator


def _key(field: str) -> str:
    return f'$."{field}"'


def _folded(value: object) -> str:
    return str(value).casefold()
