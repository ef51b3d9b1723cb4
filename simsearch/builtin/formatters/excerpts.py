"""Choose the part of a hit's text to show: wrapped, the lines with the most matching words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from simsearch import Hit
from simsearch.wording import column_width, columns

Line = list[tuple[str, bool]]
"""Pieces of text, each with whether it matches the question."""

Word = list[tuple[str, bool]]
"""Characters, each with whether it matches the question."""


def excerpt(hit: Hit, width: int, most: int) -> list[Line]:
    """At most `most` lines of `width` columns of a hit's text; `…` marks text that is left out."""
    lines = list(_wrapped(_words(hit), max(width - 4, 10)))
    start = max(range(max(1, len(lines) - most + 1)), key=lambda i: (_matches(lines[i : i + most]), -i))
    shown = [_pieces(line) for line in lines[start : start + most]]
    if start and shown:
        shown[0].insert(0, ("… ", False))
    if start + most < len(lines):
        shown[-1].append((" …", False))
    return shown


def _words(hit: Hit) -> Iterator[Word]:
    """The text's words, without control characters."""
    matched = bytearray(len(hit.text))
    for start, end in hit.matched:
        matched[start:end] = b"\1" * (end - start)
    for found in re.finditer(r"\S+", hit.text):
        word = [(hit.text[i], bool(matched[i])) for i in range(*found.span()) if hit.text[i].isprintable()]
        if word:
            yield word


def _wrapped(words: Iterator[Word], width: int) -> Iterator[Word]:
    line: Word = []
    taken = 0
    for word in words:
        for part in _parts(word, width):
            needed = columns("".join(c for c, _ in part))
            if line and taken + 1 + needed > width:
                yield line
                line, taken = [], 0
            if line:
                line.append((" ", line[-1][1] and part[0][1]))
                taken += 1
            line += part
            taken += needed
    if line:
        yield line


def _parts(word: Word, width: int) -> Iterator[Word]:
    """A word, cut if it is wider than a line."""
    part: Word = []
    taken = 0
    for character, matched in word:
        if taken + column_width(character) > width:
            yield part
            part, taken = [], 0
        part.append((character, matched))
        taken += column_width(character)
    yield part


def _matches(lines: Sequence[Word]) -> int:
    return sum(matched for line in lines for _, matched in line)


def _pieces(line: Word) -> Line:
    return [("".join(c for c, _ in group), flag) for flag, group in groupby(line, key=lambda item: item[1])]
