"""Where a text can be divided: each function yields the characters at which a new piece starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Boundaries = Callable[[str, int, int], Iterator[int]]
"""(text, start, end) to places in (start, end), in order."""

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*")
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*\s+|[。！？]\s*|\n(?=[ \t]*(?:[-*+•|]|\d{1,3}[.)])[ \t])")
_LINE = re.compile(r"\r\n?|\n")


def paragraphs(text: str, start: int, end: int) -> Iterator[int]:
    """After blank lines; the indentation of the line that follows belongs to it."""
    for gap in _PARAGRAPH.finditer(text, start, end):
        yield text.rfind("\n", gap.start(), gap.end()) + 1


def sentences(text: str, start: int, end: int) -> Iterator[int]:
    """After a full stop and a blank, and before the items of a list."""
    for stop in _SENTENCE.finditer(text, start, end):
        yield stop.end()


def lines(text: str, start: int, end: int) -> Iterator[int]:
    """After line ends."""
    for line_end in _LINE.finditer(text, start, end):
        yield line_end.end()
