"""Which chunks meet a condition: each comparison is looked up, and the results are combined."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import ge, gt, le, lt
from typing import Any

import numpy as np

from simsearch.dates import Period, parse_date
from simsearch.storage.conditions import And, Condition, FieldComparison, Not, Or, Quotes
from simsearch.storage.database.fields import NUMBER_DATES, OWN_FIELDS, WORD_DATES, as_number, folded
from simsearch.types import Rows

_WILD = re.compile(r"[*?]")
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
_WORDS_OF_FIELD = (
    "SELECT DISTINCT value FROM fields WHERE generation = ? AND field = ? AND value >= '' LIMIT 1000"
)

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
            connection.create_function("path_meets", 1, _path_test(condition))
            return _numbers(connection, f"{_OF_FILES} path_meets(f.path)", [generation])
        case FieldComparison():
            found = (
                _numbers(connection, _OF_FIELDS + expression, [generation, *values])
                for expression, values in _values(condition)
            )
            return reduce(np.union1d, found)


def read_fields(connection: sqlite3.Connection, generation: int) -> list[str]:
    """Every field that a condition can name, the documents' own first."""
    rows = connection.execute(_FIELDS, {"generation": generation})
    known = (field for (field,) in rows if field not in OWN_FIELDS and "\x1f" not in field)
    return [*OWN_FIELDS, *known]


def find_undated(connection: sqlite3.Connection, generation: int, field: str) -> tuple[int, str]:
    """How many values of a field are neither dates nor numbers, and an example of them."""
    values = connection.execute(_WORDS_OF_FIELD, (generation, field))
    undated = [value for (value,) in values if parse_date(value) is None and as_number(value) is None]
    return len(undated), undated[0] if undated else ""


def _numbers(connection: sqlite3.Connection, query: str, values: list[Any]) -> Rows:
    """Chunk numbers, int64 [m] ascending, as one text: a row each would take longer to fetch than to find."""
    found = connection.execute(query, values).fetchone()[0]
    return np.unique(np.fromstring(found, np.int64, sep=",")) if found else np.empty(0, np.int64)


def path_meets(asked: FieldComparison, path: str) -> bool:
    """Whether a path is what a comparison asks for."""
    return _path_test(asked)(path)


def _path_test(asked: FieldComparison) -> Callable[[str], bool]:
    """What a path has to meet. With `:` that is some of its parts in a row, as a folder or a file's name: `drafts`,
    `drafts/*` and `draft*` all mean a folder drafts anywhere."""
    value = folded(asked.value)
    if asked.operator == ":":
        run = re.compile(f"/{_path_pattern(value)}/", re.DOTALL)
        return lambda path: run.search(f"/{folded(path)}/") is not None
    compare = {"<": lt, "<=": le, ">": gt, ">=": ge}[asked.operator]
    return lambda path: bool(compare(folded(path), value))


def _path_pattern(value: str) -> str:
    """A regular expression; `*` stands for any characters, `?` for one but the slash, and `**/` for any folders."""
    wildcards = {"**/": "(?:.*/)?", "*": ".*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*|\?)", value.removeprefix("./").strip("/"))
    return "".join(wildcards.get(piece, re.escape(piece)) for piece in pieces)


def _values(asked: FieldComparison) -> Iterator[Sql]:
    """Which values of a field fit, of which one must.

    A number is compared with numbers, a date with dates: 2020-05 is all of that month.
    """
    value, own = folded(asked.value), asked.field in OWN_FIELDS
    number = None if own else as_number(value)
    period = None if own else parse_date(value)
    if asked.operator == ":" and _WILD.search(value):
        yield f"{_WORDS} AND v.value GLOB ?", [asked.field, _glob(value)]
        return
    if number is not None:
        yield _compared(asked, _NUMBERS, number)
    if period:
        yield _compared_dates(asked, WORD_DATES, period)
    if period and number is None:
        yield _compared_dates(asked, NUMBER_DATES, period)
    if asked.operator == ":" or own or not (period or number is not None):
        yield _compared(asked, _WORDS, value)


def _compared(asked: FieldComparison, kind: str, value: str | float) -> Sql:
    """The kind is asked for only at the end of the order that the comparison leaves open: with two limits at one end
    SQLite may begin at the wrong one."""
    compared = f"v.value {'=' if asked.operator == ':' else asked.operator} ?"
    is_open = (">" if kind is _NUMBERS else "<") in asked.operator
    return (f"{kind} AND {compared}" if is_open else compared), [asked.field, value]


def _compared_dates(asked: FieldComparison, kind: str, period: Period) -> Sql:
    """A date is within a period if it begins in it."""
    field, start, end = asked.field + kind, period.start, period.end
    match asked.operator:
        case ":":
            return "v.value >= ? AND v.value < ?", [field, start, end]
        case "<" | ">=":
            return f"v.value {asked.operator} ?", [field, start]
        case "<=":
            return "v.value < ?", [field, end]
        case ">":
            return "v.value >= ?", [field, end]


def _glob(value: str) -> str:
    return value.replace("[", "[[]")
