"""Conditions on chunks and their documents, as a tree. querying/where_filter.py parses them; a store evaluates
them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Operator = Literal[":", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """A field compared with a value; true if any of the field's values fits.

    Words compare without regard to case and to how accents are composed. Numbers compare with numbers. Dates compare as
    instants with dates, see simsearch.dates: a date fits a period that it begins in. A document without a title has
    its file's name as title.

    Args:
        field: `path`, `id`, `title`, or a key of the metadata.
        operator: `:` is equality, where * and ? stand for any characters. Of a path, some parts in a row have to be
            equal: `drafts`, `drafts/*` and `draft*` mean a folder drafts anywhere; `**/` means any folders.
        value: As it was written.
        column: The position of the field in the filter's text, from 1.
    """

    field: str
    operator: Operator
    value: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class Quotes:
    """True of a chunk that has one of the phrases, or a part of one that crosses its border, if its document has them
    all. Phrases are compared as written, ignoring case (see words/quotes.py)."""

    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the condition isn't."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class And:
    """True where all are."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True where one is."""

    conditions: tuple[Condition, ...]


Condition = FieldComparison | Quotes | Not | And | Or


def comparisons(condition: Condition) -> Iterator[FieldComparison]:
    """Every comparison of a field in a condition, in order."""
    match condition:
        case FieldComparison():
            yield condition
        case Not():
            yield from comparisons(condition.condition)
        case And() | Or():
            for part in condition.conditions:
                yield from comparisons(part)
