"""A page's text in reading order: most files store it so, some line by line across columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

_GAP = 8.0
"""Points between two columns."""
_LINES = 3
"""Lines of the shortest column; below that, the order of the file is taken."""
_WORDS = 3.5
"""Words in a line of prose; cells of tables have fewer."""


class Line(NamedTuple):
    """A piece of a line within its rectangle, in points from the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str


def page_text(page: Any) -> str:
    """The text of a PDFium page; lines end with a line feed."""
    textpage = page.get_textpage()
    try:
        stored = textpage.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
        count = textpage.count_rects()
        if count < 2 * _LINES:
            return str(stored).strip()
        rectangles: list[tuple[float, float, float, float]] = [
            textpage.get_rect(index) for index in range(count)
        ]
        if not _crosses_gutter(rectangles):
            return str(stored).strip()
        lines = [Line(*box, textpage.get_text_bounded(*box)) for box in rectangles]
        return ordered(lines) or str(stored).strip()
    finally:
        textpage.close()


def _crosses_gutter(rectangles: Sequence[tuple[float, float, float, float]]) -> bool:
    """Whether the file often goes on, in the same line, on the far side of a wide gap."""
    jumps = sum(
        after[0] - before[2] > _GAP and abs(after[1] - before[1]) < (before[3] - before[1]) / 2
        for before, after in pairwise(rectangles)
    )
    return jumps >= _LINES


def ordered(lines: Sequence[Line]) -> str:
    """The lines column by column; empty if there are no columns of prose.

    Lines that reach across the gutter divide the page into bands, each with its own columns.
    """
    gutter = _gutter(lines)
    if gutter is None:
        return ""
    left = [line for line in lines if line.right <= gutter]
    right = [line for line in lines if line.left >= gutter and line.right > gutter]
    if not (_is_prose(left) and _is_prose(right)):
        return ""
    across = sorted((line for line in lines if line.left < gutter < line.right), key=lambda line: -line.top)
    texts: list[str] = []
    ceiling = float("inf")
    for floor in [*dict.fromkeys(line.top for line in across), float("-inf")]:
        band = [
            _column([line for line in side if floor <= (line.top + line.bottom) / 2 < ceiling])
            for side in (left, right)
        ]
        texts += [text for text in band if text]
        texts += [line.text.strip() for line in across if line.top == floor]
        ceiling = floor
    return "\n".join(texts)


def _gutter(lines: Sequence[Line]) -> float | None:
    """The middle of the widest upright strip that few lines reach into, between two columns of many lines."""
    found = []
    for edge in sorted({line.right for line in lines}):
        beyond = min((line.left for line in lines if line.left > edge), default=edge)
        middle = (edge + beyond) / 2
        across = sum(line.left < middle < line.right for line in lines)
        sides = min(sum(line.right <= middle for line in lines), sum(line.left >= middle for line in lines))
        if beyond - edge >= _GAP and sides >= _LINES and across <= len(lines) / 4:
            found.append((sides - across, middle))
    return max(found)[1] if found else None


def _is_prose(lines: Sequence[Line]) -> bool:
    return median(len(line.text.split()) for line in lines) >= _WORDS


def _column(lines: Sequence[Line]) -> str:
    """One column from top to bottom, or itself in columns; pieces of one line stay together."""
    if len(lines) >= 2 * _LINES and (text := ordered(lines)):
        return text
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -(line.top + line.bottom)):
        if rows and (line.top + line.bottom) / 2 > rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return "\n".join(" ".join(piece.text.strip() for piece in sorted(row)) for row in rows)
