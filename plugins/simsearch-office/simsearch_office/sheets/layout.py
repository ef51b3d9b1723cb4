"""Rows of a sheet as tables: titles above a header stay outside; a gap and a new header begin a new table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simsearch.tables import table_text
from simsearch_office.flow import Block
from simsearch_office.sheets.cells import Cell

_LOOK_AHEAD = 20
"""Rows from which the usual width of a table is taken."""


@dataclass(frozen=True, slots=True)
class Row:
    """The filled cells of a row with its number from 0, in order of their columns."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_header_like(self) -> bool:
        """Several words and nothing else."""
        return len(self.cells) > 1 and all(cell.is_text for cell in self.cells)


def table_blocks(rows: Sequence[Row]) -> Iterator[Block]:
    """Each table of a sheet, below the lines that stand above its header."""
    first = min((row.cells[0].column for row in rows), default=0)
    start = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or _begins_table(rows, end):
            yield from _one_table(rows[start:end], first)
            start = end


def _begins_table(rows: Sequence[Row], i: int) -> bool:
    """After a gap: a header above data, which may have a title of one cell."""
    if rows[i].number == rows[i - 1].number + 1:
        return False
    header = i + 1 if len(rows[i].cells) == 1 else i
    return header + 1 < len(rows) and rows[header].is_header_like and not rows[header + 1].is_header_like


def _one_table(rows: Sequence[Row], first: int) -> Iterator[Block]:
    header = _header(rows)
    for row in rows[:header]:
        yield Block(" | ".join(cell.text for cell in row.cells))
    yield Block(table_text([_filled(row, first) for row in rows[header:]]))


def _header(rows: Sequence[Row]) -> int:
    """The first row that is at least half as wide as the rows at the table's beginning."""
    width = max(len(row.cells) for row in rows[:_LOOK_AHEAD])
    enough = max(2, width / 2)
    return next((i for i, row in enumerate(rows[:_LOOK_AHEAD]) if len(row.cells) >= enough), 0)


def _filled(row: Row, first: int) -> list[str]:
    texts = [""] * (row.cells[-1].column - first + 1)
    for cell in row.cells:
        texts[cell.column - first] = cell.text
    return texts
