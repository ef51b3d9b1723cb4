"""Lines above a table's header, as in exports of banks and laboratories."""

from __future__ import annotations

import contextlib
import csv
import re
from collections import Counter
from collections.abc import Sequence

SAMPLE = 500
"""Lines that are looked at."""

LONGEST = 40
"""Lines; a longer text above a table is not a preamble."""

MOST = 0.8
"""Share of the rows below that have as many cells as each other, or more."""

_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?\s*", re.IGNORECASE)


def split_preamble(text: str, separators: Sequence[str]) -> tuple[str, str]:
    """The lines above a table's header, and the table, with empty lines in their place; the first is empty if there
    are none."""
    lines = text.split("\n")
    said = _SEPARATOR_LINE.fullmatch(lines[0].rstrip())
    first, separators = (1, (said[1],)) if said else (0, separators)
    header = _header(lines[first : first + SAMPLE], separators)
    above = [_words(line, separators) for line in lines[first : first + header]]
    if not any(above):
        return "", text
    return "\n".join(above).strip(), "\n".join([*lines[:first], *[""] * header, *lines[first + header :]])


def _header(lines: Sequence[str], separators: Sequence[str]) -> int:
    """The line of the first row that is full, where those before it aren't; 0 if the table begins at once."""
    rows, columns = _shape(lines, separators)
    if not rows or (len(rows[0][1]) == columns and all(map(str.strip, rows[0][1]))):
        return 0
    for place, (line, cells) in enumerate(rows[:LONGEST]):
        if sum(bool(cell.strip()) for cell in cells) > max(1, (columns - 1) // 2):
            below = [len(cells) for _, cells in rows[place:]]
            alike = sum(width >= columns for width in below)
            return line if len(below) > 1 and alike >= MOST * len(below) else 0
    return 0


def _shape(lines: Sequence[str], separators: Sequence[str]) -> tuple[Sequence[tuple[int, list[str]]], int]:
    """The rows that aren't empty, each with its line, and how many cells most of them have, by the separator that
    makes most rows alike."""
    best: tuple[float, int, list[tuple[int, list[str]]]] = (0.0, 0, [])
    for separator in separators:
        rows = _rows(lines, separator)
        widths = Counter(len(cells) for _, cells in rows if len(cells) > 1)
        if widths:
            columns, support = max(widths.items(), key=lambda item: (item[1], item[0]))
            best = max(best, (support / len(rows), columns, rows), key=lambda one: one[:2])
    return best[2], best[1]


def _rows(lines: Sequence[str], separator: str) -> list[tuple[int, list[str]]]:
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    start = 0
    with contextlib.suppress(csv.Error):  # a lone carriage return; the rows before it tell enough
        for cells in reader:
            if any(map(str.strip, cells)):
                rows.append((start, cells))
            start = reader.line_num
    return rows


def _words(line: str, separators: Sequence[str]) -> str:
    """A line without the separators that only fill it up."""
    for separator in separators:
        line = re.sub(f"(?:{re.escape(separator)}\\s*)+$", "", line.strip())
    return line
