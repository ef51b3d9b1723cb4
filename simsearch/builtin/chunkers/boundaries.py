"""Where a text can be divided: each function yields the characters at which a new piece starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Boundaries = Callable[[str, int, int], Iterator[int]]
"""(text, start, end) to places in (start, end), in order."""

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*")
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*\s+|[。！？]\s*|\n(?=[ \t]*(?:[-*+•|]|\d{1,3}[.)])[ \t])")
_FIRST = re.compile(r"([ \t]*)([^\s]\S*)")  # a line's indentation and first word
_CLOSING = re.compile(r"[)}\]]|(?:end|fi|done|esac|else|elif|except|finally|catch)\b")
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


def blocks(text: str, start: int, end: int) -> Iterator[int]:
    """Before the lines of code that are indented least, where a run of them starts: a definition with the
    comments above it, in any language that people indent. A line that only closes what is above stays with it."""
    found = [_FIRST.match(text, line, end) for line in lines(text, start, end)]
    least = min((_width(line[1]) for line in found if line), default=0)
    fresh = False
    for line in found:
        closes = bool(line and _CLOSING.match(line[2]))
        if line and fresh and not closes and _width(line[1]) == least:
            yield line.start()
        fresh = closes or line is None or _width(line[1]) > least


def _width(indentation: str) -> int:
    return len(indentation.expandtabs(4))
