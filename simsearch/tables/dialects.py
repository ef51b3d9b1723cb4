"""How a table of text separates and quotes its cells, found from its rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from simsearch.errors import TableError

Quotes = Literal["doubled", "escaped", "none"]
"""How a cell holds a quotation mark: doubled in a quoted cell, after a backslash in one, or as it is (no quoting)."""

SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 500
"""Lines that the separator is chosen by."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What stands between cells, and how cells hold quotation marks."""

    separator: str
    quotes: Quotes = "doubled"


class Record(NamedTuple):
    """A row of a table.

    Args:
        number: The line that it begins on, counted from 1.
        cells: Its cells; none for an empty line.
        lines: The lines that it was read from.
    """

    number: int
    cells: list[str]
    lines: list[str]


def find_dialect(
    lines: Sequence[str], first: int, separators: Sequence[str] = SEPARATORS, quotes: Quotes | None = None
) -> Dialect:
    """The separator that splits all rows alike, and the quoting under which no row disappears.

    Args:
        lines: The table's lines with their ends, the header first.
        first: The line number of the header.
        separators: Those to choose from.
        quotes: The quoting, where it is known.

    Raises:
        TableError: The quotation marks can be read in two ways, or in none.
    """
    separator = find_separator(lines[:SAMPLE], separators)
    return Dialect(separator, quotes or _find_quotes(lines, first, separator))


def find_separator(lines: Sequence[str], separators: Sequence[str] = SEPARATORS) -> str:
    """The separator with the most rows of as many cells as the header; of equals, the one that makes more cells."""

    def fit(separator: str) -> tuple[float, int]:
        widths = _widths(lines, separator)
        width = widths[0] if widths else 0
        if width < 2:
            return -1.0, 0
        return sum(other == width for other in widths) / len(widths), width

    return max(separators, key=fit)


def read_records(lines: Iterable[str], dialect: Dialect, first: int = 1) -> Iterator[Record]:
    """The rows of some lines.

    Args:
        first: The number of the first line.

    Raises:
        TableError: The quoting is broken; names the row.
    """
    csv.field_size_limit(2**31 - 1)
    taken: list[str] = []
    reader = csv.reader(_remembering(lines, taken), strict=True, **_format(dialect))  # type: ignore[arg-type]
    number = first
    try:
        for cells in reader:
            yield Record(number, cells, taken.copy())
            number += len(taken)
            taken.clear()
    except csv.Error as error:
        raise TableError(
            f"the quotation marks can't be read ({error}); say whether they are ordinary text",
            number,
            option="quotes=none",
        ) from error


def _format(dialect: Dialect) -> dict[str, object]:
    quoting: dict[Quotes, dict[str, object]] = {
        "doubled": {"doublequote": True},
        "escaped": {"doublequote": False, "escapechar": "\\"},
        "none": {"quoting": csv.QUOTE_NONE},
    }
    return {"delimiter": dialect.separator, **quoting[dialect.quotes]}


def _remembering(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _widths(lines: Sequence[str], separator: str) -> list[int]:
    """Cells of each row, without empty ones at the end; where the quoting is broken, quotes are text like any other."""
    found: list[int] = []
    try:
        for record in read_records(lines, Dialect(separator)):
            found.append(_width(record.cells))
    except TableError as error:
        cut_short = len(lines) == SAMPLE and (error.row or 0) > SAMPLE // 2  # within the last cell
        if not cut_short:
            found = [_width(record.cells) for record in read_records(lines, Dialect(separator, "none"))]
    return [width for width in found if width]


def _width(cells: Sequence[str]) -> int:
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip()), 0)


def _find_quotes(lines: Sequence[str], first: int, separator: str) -> Quotes:
    try:
        swallowed = _find_swallowed_rows(lines, first, separator)
    except TableError:
        if _escapes_nothing_but_quotes(lines) and _splits_alike(lines, Dialect(separator, "escaped")):
            return "escaped"
        plain = separator != "," or not _has_quoted_cells(lines)
        if plain and _splits_alike(lines, Dialect(separator, "none")):
            return "none"
        raise
    if swallowed:
        raise TableError(
            f"a quotation mark opens here and closes in row {swallowed.number + len(swallowed.lines) - 1}, so "
            f"{len(swallowed.lines)} rows may have become one; say whether quotation marks are ordinary text",
            swallowed.number,
            option="quotes=none, or quotes=doubled if one cell has several lines",
        )
    return "doubled"


def _find_swallowed_rows(lines: Sequence[str], first: int, separator: str) -> Record | None:
    """A row of several lines that each would be a whole row if quotation marks were ordinary text."""
    width = None
    for record in read_records(lines, Dialect(separator), first):
        width = width or len(record.cells)
        if len(record.lines) > 1 and all(line.count(separator) == width - 1 for line in record.lines):
            return record
    return None


def _escapes_nothing_but_quotes(lines: Sequence[str]) -> bool:
    text = "".join(lines)
    return '\\"' in text and "\\" not in text.replace("\\\\", "").replace('\\"', "")


def _splits_alike(lines: Sequence[str], dialect: Dialect) -> bool:
    """Whether every row has as many cells as the header."""
    width = 0
    try:
        for record in read_records(lines, dialect):
            width = width or len(record.cells)
            if record.cells and (len(record.cells) < width or _width(record.cells) > width):
                return False
    except TableError:
        return False
    return True


def _has_quoted_cells(lines: Sequence[str]) -> bool:
    """Whether some line has a cell in quotes, which without quoting would keep them."""
    cells = (cell for line in lines for cell in line.rstrip("\r\n").split(","))
    return any(len(cell) > 1 and cell.startswith('"') and cell.endswith('"') for cell in cells)
