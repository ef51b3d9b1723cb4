"""Which chunks meet a condition: each comparison is looked up, and the results are combined."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import numpy as np

from simsearch.storage.conditions import And, Condition, FieldComparison, Not, Or, Phrase
from simsearch.storage.database.fields import OWN_FIELDS, as_number, folded
from simsearch.types import Rows

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}([t ].*)?)?)?")
_WILD = re.compile(r"[*?]")
_YEAR = "[0-9][0-9][0-9][0-9]"
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
    find_phrase: Callable[[str], Rows],
) -> Rows:
    """The chunks that meet a condition: int64 [m], ascending.

    Args:
        find_phrase: The chunks that have a phrase, int64 ascending.
    """

    def find(part: Condition) -> Rows:
        return find_matching(connection, generation, part, find_phrase)

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
        case Phrase():
            return find_phrase(condition.words)
        case FieldComparison(field="path"):
            connection.create_function("folded", 1, folded, deterministic=True)
            expression, values = _path(condition)
            return _numbers(connection, _OF_FILES + expression, [generation, *values])
        case FieldComparison():
            found = (
                _numbers(connection, _OF_FIELDS + expression, [generation, condition.field, *values])
                for expression, values in _values(condition)
            )
            return reduce(np.union1d, found)


def read_fields(connection: sqlite3.Connection, generation: int) -> list[str]:
    """Every field that a condition can name, the documents' own first."""
    rows = connection.execute(_FIELDS, {"generation": generation})
    return [*OWN_FIELDS, *(field for (field,) in rows if field not in OWN_FIELDS)]


def _numbers(connection: sqlite3.Connection, query: str, values: list[Any]) -> Rows:
    """Chunk numbers, int64 [m] ascending, as one text: a row each would take longer to fetch than to find."""
    found = connection.execute(query, values).fetchone()[0]
    return np.unique(np.fromstring(found, np.int64, sep=",")) if found else np.empty(0, np.int64)


def _path(asked: FieldComparison) -> Sql:
    """Without a wildcard: whole parts of the path that follow each other, as a folder or a file's name."""
    if asked.operator == ":" and not _WILD.search(asked.value):
        part = asked.value.removeprefix("./").strip("/")
        return "instr('/' || f.path || '/', '/' || ? || '/') > 0", [part]
    value = folded(asked.value)
    if asked.operator == ":":
        return "folded(f.path) GLOB ?", [_glob(value)]
    return f"folded(f.path) {asked.operator} ?", [value]


def _values(asked: FieldComparison) -> Iterator[Sql]:
    """Which values of a field fit, of which one must.

    A number is compared with numbers, a date with dates as far as it is written: 2020-05 is all of that month.
    """
    value, plain = folded(asked.value), asked.field in OWN_FIELDS
    number, date = as_number(value), _DATE.fullmatch(value)
    if asked.operator == ":" and _WILD.search(value):
        yield f"{_WORDS} AND v.value GLOB ?", [_glob(value)]
        return
    if number is not None and not plain:
        yield _compared(asked, _NUMBERS, number)
    if date and not plain:
        starts = f"substr(v.value, 1, {len(value)}) {_operator(asked)} ?"
        yield f"{_WORDS} AND v.value GLOB '{_YEAR}*' AND v.value GLOB '*[^0-9.]*' AND {starts}", [value]
    if asked.operator == ":" or plain or not (date or number is not None):
        yield _compared(asked, _WORDS, value)


def _compared(asked: FieldComparison, kind: str, value: str | float) -> Sql:
    """The kind is asked for only at the end of the order that the comparison leaves open: with two limits at one end
    SQLite may begin at the wrong one."""
    compared = f"v.value {_operator(asked)} ?"
    is_open = (">" if kind is _NUMBERS else "<") in asked.operator
    return (f"{kind} AND {compared}" if is_open else compared), [value]


def _glob(value: str) -> str:
    return value.replace("[", "[[]")


def _operator(asked: FieldComparison) -> str:
    return "=" if asked.operator == ":" else asked.operator
