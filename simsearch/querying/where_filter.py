"""Turn --where into a filter: `lang:en and (year>=2020 or not path:docs/*)`.

    condition  = all { "or" all }
    all        = part { ["and"] part }
    part       = "not" part | "(" condition ")" | comparison
    comparison = name (":" | "=" | "!=" | "<" | "<=" | ">" | ">=") value

Names and values are words or quoted. An error points at the character that is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from simsearch.dates import looks_like_date, parse_date
from simsearch.errors import InputError
from simsearch.storage.capabilities import FieldValues
from simsearch.storage.conditions import And, Condition, FieldComparison, Not, Or, comparisons
from simsearch.storage.field_values import OWN_FIELDS, as_number
from simsearch.storage.protocols import Snapshot
from simsearch.utf8 import storable
from simsearch.wording import columns, counted, cut, suggestion

MOST_COMPARISONS = 200
DEEPEST = 50
LONGEST_VALUE = 1000
MOST_FIELDS_SHOWN = 30
MOST_VALUES = 1000
_SHOWN = 16
"""Columns shown before and after a mistake, so that the mark is below it on a narrow terminal too."""

_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"[^\s:=<>!()\"']+")
_OPERATOR = re.compile(r"[<>!]=|[:=<>]")
_VALUE = re.compile(r"[^\s()\"']+")
_QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
_WORD = re.compile(r"(and|or|not)(?=[\s(]|$)", re.IGNORECASE)


def parse_filters(
    filters: Sequence[str], snapshot: Snapshot, notify: Callable[[str], None] | None = None
) -> Condition | None:
    """The condition that all filters make together; None without a filter.

    Args:
        notify: Receives a sentence about values that a comparison of dates or numbers passes over.

    Raises:
        InputError: A filter can't be parsed, names a field that no document has, or compares with a date that is
            none or may mean two days.
    """
    if not filters:
        return None
    known = snapshot.fields()
    conditions = tuple(_resolve_fields(text, parse_filter(text), known) for text in filters)
    for text, condition in zip(filters, conditions, strict=True):
        _check_dates(text, condition)
    if notify and isinstance(snapshot, FieldValues):
        for sentence in dict.fromkeys(_describe_passed_over(And(conditions), snapshot)):
            notify(sentence)
    return And(conditions)


def parse_filter(text: str) -> Condition:
    """One filter as a condition.

    Raises:
        InputError: It can't be parsed.
    """
    # The database takes neither lone surrogates nor NULs.
    return _Parser(storable(text).replace("\0", " ")).parse()


def _resolve_fields(text: str, condition: Condition, known: Sequence[str]) -> Condition:
    """The condition with field names as the documents have them: case and composition of accents don't matter. A
    misspelt field would silently match nothing, or everything after `not`."""
    match condition:
        case Not():
            return Not(_resolve_fields(text, condition.condition, known))
        case And():
            return And(tuple(_resolve_fields(text, part, known) for part in condition.conditions))
        case Or():
            return Or(tuple(_resolve_fields(text, part, known) for part in condition.conditions))
        case FieldComparison(field=field) if field not in known:
            same = [replace(condition, field=name) for name in known if _caseless(name) == _caseless(field)]
            if not same:
                shown = [*known[:MOST_FIELDS_SHOWN], *(["…"] if len(known) > MOST_FIELDS_SHOWN else [])]
                after = f"\nThe fields are: {', '.join(shown)}{suggestion(field, known)}."
                raise _point_at(text, condition.column, "names a field that no document has", after)
            return same[0] if len(same) == 1 else Or(tuple(same))
        case _:
            return condition


def _caseless(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _check_dates(text: str, condition: Condition) -> None:
    """An invalid or ambiguous date would silently be compared as a word."""
    for asked in comparisons(condition):
        if asked.operator == ":" or asked.field in OWN_FIELDS or parse_date(asked.value):
            continue
        if looks_like_date(asked.value):
            raise _point_at(
                text,
                asked.column,
                "compares with a value that is not a date, or is ambiguous",
                f"\nWrite '{asked.value}' as year-month-day, such as 2024-05-31.",
            )


def _describe_passed_over(condition: Condition, snapshot: FieldValues) -> Iterator[str]:
    """A sentence for each field with values that a comparison of dates or numbers passes over, and for each of numbers
    and dates alone that is compared with a word."""
    for asked in comparisons(condition):
        is_date, is_number = _is_date(asked.value), _is_number(asked.value)
        if asked.field in OWN_FIELDS or (asked.operator == ":" and (is_number or not is_date)):
            continue
        values = snapshot.list_values(asked.field, MOST_VALUES)
        if not (is_date or is_number):
            if values and all(_is_date(value) or _is_number(value) for value in values):
                yield (
                    f"'{cut(_plain(asked.value), 40)}' is neither a number nor a date, but all values of "
                    f"'{asked.field}' are."
                )
            continue
        passed = [v for v in values if not ((is_date and _is_date(v)) or (is_number and _is_number(v)))]
        if passed:
            kind, hint = ("dates", "; year-month-day always works") if is_date else ("numbers", "")
            yield (
                f"{counted(len(passed), 'value', 'values')} of '{asked.field}' can't be read as {kind} and "
                f"{'was' if len(passed) == 1 else 'were'} not compared with {asked.value}, such as "
                f"'{cut(_plain(passed[0]), 40)}'{hint}."
            )


def _is_date(value: str) -> bool:
    return parse_date(value) is not None


def _is_number(value: str) -> bool:
    return as_number(value) is not None


def _point_at(text: str, column: int, what: str, after: str = "") -> InputError:
    """An error that shows the filter, or the part of it around a character, with a mark below that character."""
    before = _end_of(_plain(text[: column - 1]))
    rest = cut(_plain(text[column - 1 :]), _SHOWN + 2)
    return InputError(
        f"The filter {what}, at character {column}:\n  {before}{rest}\n  {' ' * columns(before)}^{after}"
    )


class _Parser:
    """Parses one filter from left to right; `_at` is the next character."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._comparisons = 0
        self._skip_spaces()

    def parse(self) -> Condition:
        condition = self._either(0)
        if not self._done():
            raise self._error("closes a bracket that was never opened")
        return condition

    def _either(self, depth: int) -> Condition:
        parts = [self._every(depth)]
        while self._take_word("or"):
            parts.append(self._every(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _every(self, depth: int) -> Condition:
        parts = [self._part(depth)]
        while self._take_word("and") or not (self._done() or self._sees(")") or self._sees_word("or")):
            parts.append(self._part(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _part(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise self._error(f"is nested more than {DEEPEST} deep")
        if self._take_word("not"):
            return Not(self._part(depth + 1))
        if not self._sees("("):
            return self._comparison()
        opened = self._at
        self._step(1)
        condition = self._either(depth + 1)
        if not self._sees(")"):
            self._at = opened
            raise self._error("opens a bracket that is never closed")
        self._step(1)
        return condition

    def _comparison(self) -> Condition:
        column = self._at + 1
        if self._done():
            raise self._error("ends where a comparison such as lang:en should follow")
        field = self._token(_NAME, "has no field name")
        operator = _OPERATOR.match(self._text, self._at)
        if not operator:
            raise self._error(f"needs :, !=, <, <=, > or >= after '{_plain(field[:_SHOWN])}'")
        self._step(len(operator[0]))
        value = self._token(_VALUE, f"has no value after '{operator[0]}'")
        self._count()
        match operator[0]:
            case "!=":
                return Not(FieldComparison(field, ":", value, column))
            case "<" | "<=" | ">" | ">=" as order:
                return FieldComparison(field, order, value, column)
            case _:
                return FieldComparison(field, ":", value, column)

    def _token(self, bare: re.Pattern[str], otherwise: str) -> str:
        """A word, or a quoted text."""
        found = bare.match(self._text, self._at) or _QUOTED.match(self._text, self._at)
        if not found:
            quote = self._text[self._at : self._at + 1] in ('"', "'")
            raise self._error("opens a quotation mark that is never closed" if quote else otherwise)
        if len(found[0]) > LONGEST_VALUE:
            raise self._error(f"has a word of more than {LONGEST_VALUE} characters")
        self._step(len(found[0]))
        return next((group for group in found.groups() if group is not None), found[0])

    def _count(self) -> None:
        self._comparisons += 1
        if self._comparisons > MOST_COMPARISONS:
            raise self._error(f"has more than {MOST_COMPARISONS} comparisons")

    def _sees(self, character: str) -> bool:
        return self._text.startswith(character, self._at)

    def _sees_word(self, word: str) -> bool:
        found = _WORD.match(self._text, self._at)
        return bool(found) and found[0].lower() == word  # type: ignore[index]

    def _take_word(self, word: str) -> bool:
        taken = self._sees_word(word)
        if taken:
            self._step(len(word))
        return taken

    def _done(self) -> bool:
        return self._at >= len(self._text)

    def _step(self, characters: int) -> None:
        self._at += characters
        self._skip_spaces()

    def _skip_spaces(self) -> None:
        self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]

    def _error(self, what: str) -> InputError:
        return _point_at(self._text, self._at + 1, what)


def _plain(text: str) -> str:
    """The text without line breaks and control characters."""
    return "".join(character if character.isprintable() else " " for character in text)


def _end_of(text: str) -> str:
    """The last columns of a text, after `…` if something is missing."""
    kept = cut(text[::-1], _SHOWN + 2)
    return f"… {kept[-2::-1]}" if kept.endswith("…") else text
