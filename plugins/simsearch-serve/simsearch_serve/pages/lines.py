"""The lines of a text that fit a page, with what is marked in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from simsearch_serve.pages.rendering import Span, marked

MOST_LINES, LINES_BEFORE = 400, 60
LONGEST_LINE, BEFORE = 2000, 200
"""Characters of a line that are shown, and how many of them come before the first marked one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line.

    Args:
        number: From 1.
        kind: `hit`, `passage` (another one that matches), or empty.
        text: HTML.
        left_out: How many of its characters are not shown.
    """

    number: int
    kind: str
    text: Markup
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Some lines of a text.

    Args:
        count: How many lines the text has.
        before: The first line of the page before this one; None on the first page.
        after: The first line of the next page; None on the last.
    """

    lines: tuple[Line, ...]
    count: int
    before: int | None
    after: int | None


def read_window(
    text: str, hit: Span | None, passages: Sequence[Span], words: Sequence[Span], first: int | None = None
) -> Window:
    """The lines around a hit; from `first` on if that is given.

    Args:
        hit: The hit's characters in the text.
        passages: Those of other parts that match.
        words: Those of words of the question.
    """
    starts = _line_starts(text)
    if first is None:
        first = max(1, _line_at(starts, hit[0]) - LINES_BEFORE) if hit else 1
    first = min(max(first, 1), len(starts))
    last = min(first + MOST_LINES - 1, len(starts))
    ends = [*starts[1:], len(text)]
    lines = (
        _make_line(number, text[start:end].rstrip("\r\n"), start, hit, passages, words)
        for number, (start, end) in enumerate(
            zip(islice(starts, first - 1, last), islice(ends, first - 1, last), strict=True), first
        )
    )
    before = max(1, first - MOST_LINES) if first > 1 else None
    return Window(tuple(lines), len(starts), before, last + 1 if last < len(starts) else None)


def _make_line(
    number: int, text: str, start: int, hit: Span | None, passages: Sequence[Span], words: Sequence[Span]
) -> Line:
    own = start, start + len(text)
    kind = (
        "hit"
        if hit and _overlap(own, hit)
        else "passage"
        if any(_overlap(own, one) for one in passages)
        else ""
    )
    spans = _merged([_cut(span, own) for span in words if _overlap(own, span)])
    at = spans[0][0] if spans else max(0, hit[0] - start) if kind == "hit" and hit else 0
    left = max(0, min(at - BEFORE, len(text) - LONGEST_LINE))
    shown = text[left : left + LONGEST_LINE]
    inside = [
        _cut(span, (left, left + len(shown))) for span in spans if _overlap(span, (left, left + len(shown)))
    ]
    return Line(number, kind, marked(shown, inside), len(text) - len(shown))


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _cut(span: Span, inside: Span) -> Span:
    """The part of a span that is inside another one, counted from its start."""
    return max(span[0], inside[0]) - inside[0], min(span[1], inside[1]) - inside[0]


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _line_starts(text: str) -> list[int]:
    """Where each line begins: only a line feed ends one, as in Hit.lines."""
    starts, at = [0], text.find("\n")
    while at >= 0 and at + 1 < len(text):
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


def _line_at(starts: Sequence[int], place: int) -> int:
    return bisect_right(starts, place)
