"""Which chunks meet a condition: each comparison is looked up, and the results are combined."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from simsearch.storage.comparisons import ValueTest, path_test, value_tests
from simsearch.storage.conditions import And, Condition, FieldComparison, Not, Or, Quotes
from simsearch.storage.field_values import searchable_fields
from simsearch.types import Rows

_NUMBERS, _WORDS = "v.value < ''", "v.value >= ''"
"""SQLite sorts numbers before words."""

_EVERY_CHUNK = "SELECT group_concat(id) FROM chunks WHERE generation = ?"
_OF_FILES = """
    SELECT group_concat(c.id) FROM files f CROSS JOIN documents d ON d.file = f.id
    CROSS JOIN chunks c ON c.document = d.id WHERE f.generation = ? AND
"""
_OF_FIELDS = """
    SELECT group_concat(c.id) FROM fields v CROSS JOIN chunks c ON c.document = v.document
    WHERE v.generation = ? AND v.field = ? AND
"""
_VALUES = "SELECT DISTINCT value FROM fields WHERE generation = ? AND field = ? LIMIT ?"

_COUNTS = """
    SELECT value, count(*) FROM fields WHERE generation = ? AND field = ? GROUP BY value ORDER BY count(*) DESC, value
"""

_FIELDS = """
    WITH RECURSIVE found (field) AS (
        SELECT min(field) FROM fields WHERE generation = :generation
        UNION ALL
        SELECT (SELECT min(field) FROM fields WHERE generation = :generation AND field > found.field)
        FROM found WHERE field IS NOT NULL
    )
    SELECT field FROM found WHERE field IS NOT NULL
"""
"""Jumps from field to field; SELECT DISTINCT would read a row for each value of each document."""

Sql = tuple[str, list[Any]]
"""An expression with the values of its question marks."""


def find_matching(
    connection: sqlite3.Connection,
    generation: int,
    condition: Condition,
    find_quotes: Callable[[Sequence[str]], Rows],
) -> Rows:
    """The chunks that meet a condition: int64 [m], ascending.

    Args:
        find_quotes: The chunks that meet Quotes, int64 ascending.
    """

    def find(part: Condition) -> Rows:
        return find_matching(connection, generation, part, find_quotes)

    match condition:
        case Not():
            every = _numbers(connection, _EVERY_CHUNK, [generation])
            return np.setdiff1d(every, find(condition.condition), True)
        case And():
            return reduce(
                lambda one, other: np.intersect1d(one, other, True), map(find, condition.conditions)
            )
        case Or():
            return reduce(np.union1d, map(find, condition.conditions))
        case Quotes():
            return find_quotes(condition.phrases)
        case FieldComparison(field="path"):
            connection.create_function("path_meets", 1, path_test(condition))
            return _numbers(connection, f"{_OF_FILES} path_meets(f.path)", [generation])
        case FieldComparison():
            found = (
                _numbers(connection, _OF_FIELDS + expression, [generation, *values])
                for expression, values in map(_sql, value_tests(condition))
            )
            return reduce(np.union1d, found)


def read_fields(connection: sqlite3.Connection, generation: int) -> list[str]:
    """Every field that a condition can name, the documents' own first."""
    rows = connection.execute(_FIELDS, {"generation": generation})
    return searchable_fields(field for (field,) in rows)


def list_values(connection: sqlite3.Connection, generation: int, field: str, most: int) -> list[str]:
    """Different values of a field; a number that is written as a word is in the table as both."""
    values = connection.execute(_VALUES, (generation, field, most))
    return list(dict.fromkeys(str(value) for (value,) in values))


def count_values(
    connection: sqlite3.Connection, generation: int, field: str, most: int
) -> list[tuple[str, int]]:
    """The most frequent values of a field, each with how many documents have it. A number that is written as a word is
    in the table as both, and counts once."""
    counts: dict[str, int] = {}
    for value, count in connection.execute(_COUNTS, (generation, field)):
        name = str(value)
        counts[name] = max(counts.get(name, 0), count)
        if len(counts) == most:
            break
    return list(counts.items())


def _numbers(connection: sqlite3.Connection, query: str, values: list[Any]) -> Rows:
    """Chunk numbers, int64 [m] ascending, as one text: a row each would take longer to fetch than to find."""
    found = connection.execute(query, values).fetchone()[0]
    return np.unique(np.fromstring(found, np.int64, sep=",")) if found else np.empty(0, np.int64)


def _sql(test: ValueTest) -> Sql:
    """The kind is asked for only at the end of the order that the comparison leaves open: with two limits at one end
    SQLite may begin at the wrong one."""
    kind, open_at = (_NUMBERS, ">") if test.kind == "number" else (_WORDS, "<")
    if test.pattern:
        return f"{kind} AND v.value GLOB ?", [test.field, test.pattern.replace("[", "[[]")]
    compared = [f"v.value {operator} ?" for operator, _ in test.bounds]
    is_open = len(compared) == 1 and open_at in test.bounds[0][0]
    return " AND ".join([kind] * is_open + compared), [test.field, *(value for _, value in test.bounds)]
