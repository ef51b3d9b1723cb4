"""Values of fields as rows, and the documents whose values meet a test.

Milvus narrows the rows down by numbers: the field, the hash of a word, how it begins, a number as nearly as a double
holds it. What is left is compared here, so that a comparison means the same as in any other store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from operator import eq, ge, gt, le, lt
from typing import Any

from simsearch.storage.comparisons import Bound, ValueTest
from simsearch.storage.field_values import Value, document_values, stored_field
from simsearch_milvus.connecting import Connection, Row
from simsearch_milvus.numbers import head_of, heads_beginning, number_of
from simsearch_milvus.schema import Kind, lookup

_COMPARE: dict[str, Any] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_WILD = re.compile(r"[*?]")


def value_rows(document: int, about: dict[str, Any], numbers: Iterator[int]) -> list[Row]:
    """The rows of a document's values.

    Args:
        about: As changes.py writes it.
        numbers: For the rows.
    """
    values = dict.fromkeys(values_of(about))
    return [_row(next(numbers), document, field, value) for field, value in values]


def values_of(about: Mapping[str, Any]) -> list[tuple[str, Value]]:
    """All values of a document with their fields."""
    return document_values(about["metadata"], about["title"], about["name"], about["path"], about["root"])


def narrowing(test: ValueTest) -> str:
    """An expression that the rows meet whose value meets a test, and some others."""
    kind = Kind.NUMBER if test.kind == "number" else Kind.WORD
    parts = [f"kind == {int(kind)}", f"field == {number_of(test.field)}"]
    if test.pattern:
        low, high = heads_beginning(_WILD.split(test.pattern)[0])
        parts.append(f"head >= {low} and head <= {high}")
    return " and ".join([*parts, *map(_bound, test.bounds)])


def meets(test: ValueTest, value: Value) -> bool:
    """Whether a value of the kind meets a test."""
    if test.pattern and not (isinstance(value, str) and _pattern(test.pattern).fullmatch(value)):
        return False
    return all(_COMPARE[operator](value, bound) for operator, bound in test.bounds)


def _row(number: int, document: int, field: str, value: Value) -> Row:
    about: dict[str, Any] = {
        "owner": document,
        "field": number_of(field),
        "text": json.dumps(value, ensure_ascii=False),
    }
    if isinstance(value, str):
        return lookup(number, Kind.WORD, hash=number_of(value), head=head_of(value), **about)
    return lookup(number, Kind.NUMBER, amount=float(value), **about)


def _bound(bound: Bound) -> str:
    """The limit itself is let through: a number or a head may be nearer to it than it can tell."""
    operator, value = bound
    if operator == "=" and isinstance(value, str):
        return f"hash == {number_of(value)}"
    column, number = ("head", head_of(value)) if isinstance(value, str) else ("amount", float(value))
    if operator == "=":
        return f"{column} >= {number!r} and {column} <= {number!r}"
    return f"{column} {operator[0]}= {number!r}"


def _pattern(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"([*?])", pattern)
    return re.compile(
        "".join({"*": ".*", "?": "."}.get(piece, re.escape(piece)) for piece in pieces), re.DOTALL
    )


def list_values(connection: Connection, collection: str, field: str, documents: Container[int]) -> list[str]:
    """The different values that some documents have in a field, in order."""
    kinds = [int(Kind.WORD), int(Kind.NUMBER)]
    wanted = f"kind in {kinds} and field == {number_of(stored_field(field))}"
    rows = connection.every(collection, wanted, ["owner", "text"])
    return sorted({str(json.loads(row["text"])) for row in rows if row["owner"] in documents})
