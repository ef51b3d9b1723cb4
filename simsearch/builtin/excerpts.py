"""The part of a hit's text that is shown: wrapped, the lines with the most words of the question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from simsearch import Hit

Line = list[tuple[str, bool]]
"""Pieces of text, each with whether it is a word of the question."""

Word = list[tuple[str, bool]]
"""Characters, each with the same."""


def excerpt(hit: Hit, width: int, most: int) -> list[Line]:
    """At most so many lines of a hit's text, of so many columns; `…` stands where more follows or goes before."""
    lines = list(_wrapped(_words(hit), max(width - 4, 10)))
    start = max(range(max(1, len(lines) - most + 1)), key=lambda i: (_matches(lines[i : i + most]), -i))
    shown = [_pieces(line) for line in lines[start : start + most]]
    if start and shown:
        shown[0].insert(0, ("… ", False))
    if start + most < len(lines):
        shown[-1].append((" …", False))
    return shown


def one_line(text: str) -> str:
    """A text in one line, without what a terminal would obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def columns(text: str) -> int:
    """How many columns a terminal gives a text."""
    return sum(_column(character) for character in text)


def cut(text: str, width: int) -> str:
    """A text in so many columns, with `…` where something is missing."""
    if columns(text) <= width:
        return text
    kept, taken = "", 1
    for character in text:
        taken += _column(character)
        if taken > width:
            break
        kept += character
    return kept.rstrip() + "…"


def _words(hit: Hit) -> Iterator[Word]:
    """The text's words, without characters that a terminal would obey."""
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
    """A word cut where it is wider than a line."""
    part: Word = []
    taken = 0
    for character, matched in word:
        if taken + _column(character) > width:
            yield part
            part, taken = [], 0
        part.append((character, matched))
        taken += _column(character)
    yield part


def _column(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _matches(lines: Sequence[Word]) -> int:
    return sum(matched for line in lines for _, matched in line)


def _pieces(line: Word) -> Line:
    return [("".join(c for c, _ in group), flag) for flag, group in groupby(line, key=lambda item: item[1])]
