"""Long texts in rows: Milvus holds 65,535 bytes a column, so that what follows goes to rows of the kind PIECE."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from simsearch_milvus.connecting import Connection, Row
from simsearch_milvus.schema import LONGEST, Kind, record

PIECE = LONGEST // 4
"""Characters, which have up to four bytes each."""


def pieces(text: str) -> list[str]:
    """A text in parts that fit, at least one."""
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)] or [""]


def with_pieces(row: Row, about: object, numbers: Iterator[int]) -> tuple[Row, list[Row]]:
    """A row with the JSON of an object as its text, and the rows with what follows of it.

    Args:
        numbers: For those rows.
    """
    first, *rest = pieces(json.dumps(about, ensure_ascii=False))
    more = [
        record(next(numbers), Kind.PIECE, owner=row["number"], place=place, text=text)
        for place, text in enumerate(rest)
    ]
    return {**row, "text": first, "pieces": 1 + len(rest)}, more


def read_abouts(connection: Connection, records: str, rows: Sequence[Row]) -> dict[int, Any]:
    """The objects of some rows by their numbers.

    Args:
        records: The collection with what follows.
        rows: With number, text and pieces.
    """
    long = [row["number"] for row in rows if row["pieces"] > 1]
    rest = read_parts(connection, records, Kind.PIECE, long)
    return {row["number"]: json.loads(row["text"] + rest.get(row["number"], "")) for row in rows}


def read_parts(connection: Connection, records: str, kind: Kind, owners: Sequence[int]) -> dict[int, str]:
    """The texts that are in rows of a kind, by their owner."""
    found: dict[int, list[Row]] = {}
    rows: Iterable[Row] = connection.among(
        records, "owner", owners, ["owner", "place", "text"], f"kind == {int(kind)}"
    )
    for row in rows:
        found.setdefault(row["owner"], []).append(row)
    return {
        owner: "".join(row["text"] for row in sorted(parts, key=lambda row: int(row["place"])))
        for owner, parts in found.items()
    }
