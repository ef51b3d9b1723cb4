"""What a comparison of a field means, whatever engine evaluates it: which values or paths fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Literal

from simsearch.dates import Period, parse_date
from simsearch.storage.conditions import FieldComparison
from simsearch.storage.field_values import (
    NUMBER_DATES,
    OWN_FIELDS,
    WORD_DATES,
    Value,
    as_number,
    folded,
    stored_field,
)

Kind = Literal["number", "word"]
Bound = tuple[Literal["=", "<", "<=", ">", ">="], Value]

_WILD = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True)
class ValueTest:
    """What one value of a field has to meet. Words compare by their code points.

    Args:
        field: As simsearch.storage.field_values names it.
        kind: Which values are compared at all.
        bounds: All must hold.
        pattern: What a word has to match as a whole, where * stands for any characters and ? for one; empty without.
    """

    field: str
    kind: Kind
    bounds: tuple[Bound, ...] = ()
    pattern: str = ""


def value_tests(asked: FieldComparison) -> Iterator[ValueTest]:
    """The tests of which one value of a document must meet one.

    A number is compared with numbers, a date with dates: 2020-05 is all of that month.
    """
    value, field, own = folded(asked.value), stored_field(asked.field), asked.field in OWN_FIELDS
    number = None if own else as_number(value)
    period = None if own else parse_date(value)
    operator = "=" if asked.operator == ":" else asked.operator
    if asked.operator == ":" and _WILD.search(value):
        yield ValueTest(field, "word", pattern=value)
        return
    if number is not None:
        yield ValueTest(field, "number", ((operator, number),))
    if period:
        yield _date_test(field, asked.operator, WORD_DATES, period)
    if period and number is None:
        yield _date_test(field, asked.operator, NUMBER_DATES, period)
    if asked.operator == ":" or own or not (period or number is not None):
        yield ValueTest(field, "word", ((operator, value),))


def path_test(asked: FieldComparison) -> Callable[[str], bool]:
    """What a path has to meet. With `:` that is some of its parts in a row, as a folder or a file's name: `drafts`,
    `drafts/*` and `draft*` all mean a folder drafts anywhere."""
    value = folded(asked.value)
    if asked.operator == ":":
        run = re.compile(path_pattern(value), re.DOTALL)
        return lambda path: run.search(f"/{folded(path)}/") is not None
    compare = {"<": lt, "<=": le, ">": gt, ">=": ge}[asked.operator]
    return lambda path: bool(compare(folded(path), value))


def path_pattern(value: str) -> str:
    """A regular expression to search for in a folded path between slashes; `*` stands for any characters, `?` for one
    but the slash, and `**/` for any folders."""
    wildcards = {"**/": "(?:.*/)?", "*": ".*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*|\?)", value.removeprefix("./").strip("/"))
    return f"/{''.join(wildcards.get(piece, re.escape(piece)) for piece in pieces)}/"


def _date_test(field: str, operator: str, kind: str, period: Period) -> ValueTest:
    """A date is within a period if it begins in it."""
    start, end = period.start, period.end
    bounds: dict[str, tuple[Bound, ...]] = {
        ":": ((">=", start), ("<", end)),
        "<": (("<", start),),
        ">=": ((">=", start),),
        "<=": (("<", end),),
        ">": ((">=", end),),
    }
    return ValueTest(field + kind, "number", bounds[operator])
