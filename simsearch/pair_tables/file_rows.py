"""The rows of a file of pairs, as its format gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from simsearch.pair_tables.cells import TEXT_KEYS
from simsearch.pair_tables.names import ANCHORS, POSITIVES, is_negative, rank
from simsearch.tables.printed import parse_column

Row = tuple[int, Mapping[str, Any]]
"""A row's number, counted from 1 as an editor shows it, and its values by name."""


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows of a file.

    Args:
        names: Its columns, those of all rows together.
        rows: Its rows.
        without_header: Whether its first row looks like data, so that its columns only have numbers.
        first_row: The number of its first row.
        notes: What a person should know of how it was read.
    """

    names: tuple[str, ...]
    rows: Sequence[Row]
    without_header: bool = False
    first_row: int = 1
    notes: tuple[str, ...] = ()

    def column(self, name: str) -> list[Any]:
        return [row.get(name) for _, row in self.rows]

    def with_parsed_cells(self, names: Sequence[str]) -> FileRows:
        """The same with lists and objects in place of printed ones, in those of the columns that hold such."""
        parsed = {name: cells for name in names if (cells := parse_column(self.column(name)))}
        if not parsed:
            return self
        rows = [
            (number, {**row, **{name: cells[place] for name, cells in parsed.items() if name in row}})
            for place, (number, row) in enumerate(self.rows)
        ]
        return replace(self, rows=rows)

    def cells(self, name: str) -> list[tuple[int, Any]]:
        return [(number, row.get(name)) for number, row in self.rows]


def file_rows(rows: Iterable[Row]) -> FileRows:
    """Rows with the columns of them all; what is in an object is in columns such as `meta.label`, unless it is a text
    in a column for texts, such as `positive`."""
    listed = [(number, dict(_flatten(row))) for number, row in rows]
    return FileRows(tuple(dict.fromkeys(name for _, row in listed for name in row)), listed)


def _flatten(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if (
            isinstance(value, Mapping)
            and value
            and not (_is_for_texts(name) and any(key in value for key in TEXT_KEYS))
        ):
            yield from ((f"{name}.{key}", part) for key, part in value.items())
        else:
            yield name, value


@cache
def _is_for_texts(name: str) -> bool:
    return is_negative(name) or rank(name, ANCHORS + POSITIVES) is not None
