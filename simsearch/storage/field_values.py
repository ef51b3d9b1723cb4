"""What filters compare: each document's title, id and metadata, as values of fields.

A value that is a date has another one with its first instant, in seconds since 1970, under a field name of its own.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from simsearch.dates import parse_date
from simsearch.storage.document_ids import document_id
from simsearch.utf8 import storable

OWN_FIELDS = ("path", "id", "title")
"""What every document has; `path` is its file's."""

WORD_DATES, NUMBER_DATES = "\x1fdate", "\x1fnumber"
"""Added to a field's name for the instants of its values; those of values such as 2024 and 20240503, which are numbers
too, have a name of their own."""

LONGEST = 1000
"""Characters of a value that are compared."""

_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)(\.\d+)?")
"""Digits after a leading zero are a code, not a number."""

_HELD = 1 << 63
"""Whole numbers beyond this are words, because SQLite holds none."""

Value = str | float


def document_values(
    metadata: Mapping[str, Any], title: str, name: str, path: str, root: str
) -> list[tuple[str, Value]]:
    """All values of a document with their fields; its path is not among them, its id is the one that hits show.

    Args:
        title: Of the document; one without a title has its file's name.
        name: Document.id.
        path: Of its file.
        root: Of its file.
    """
    own = {"title": title or path.rpartition("/")[2], "id": document_id(name, path, root)}
    found: list[tuple[str, Value]] = [(field, value) for field in own for value in _values(own[field])]
    for field, given in metadata.items():
        if field not in OWN_FIELDS:
            found += _with_dates(stored_field(field), given)
    return found


def stored_field(name: str) -> str:
    """A field's name as an index holds it, and as it is asked for."""
    return storable(name).replace("\x1f", " ").replace("\0", " ")


def searchable_fields(names: Iterable[str]) -> list[str]:
    """Every field that a condition can name, the documents' own first.

    Args:
        names: Those under which an index holds values.
    """
    return [*OWN_FIELDS, *(name for name in names if name not in OWN_FIELDS and "\x1f" not in name)]


def folded(text: str) -> str:
    """Words as they are compared: composed, without regard to case, and only what a database can hold."""
    if text.isascii():
        return text.replace("\0", " ").lower()[:LONGEST]
    plain = unicodedata.normalize("NFD", storable(text).replace("\0", " ")).casefold()
    return unicodedata.normalize("NFC", plain)[:LONGEST]


def is_number_too(text: str) -> bool:
    """Whether a date, such as 2024 or 20240503, is a number as well."""
    return as_number(text) is not None


def as_number(text: str) -> float | None:
    """The number that a text is; a whole one exactly."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    number = float(text) if found[2] else int(text)
    return number if _holdable(number) else None


def _holdable(number: float) -> bool:
    return -_HELD <= number < _HELD if isinstance(number, int) else math.isfinite(number)


def _with_dates(field: str, given: Any) -> Iterator[tuple[str, Value]]:
    for value in _values(given):
        yield field, value
        text = str(value)
        if period := parse_date(text):
            yield field + (NUMBER_DATES if is_number_too(text) else WORD_DATES), period.start


def _values(given: Any) -> Iterator[Value]:
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
