"""What stands above a place in a document: its title, its headings, the header of its table."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simsearch import Document, Heading, TokenCounter
from simsearch.tables.text import find_tables

DEEPEST = 6
LONGEST_NAME = 200
SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Above:
    """Words that stand above a chunk, and how many tokens they take with what sets them apart."""

    words: str
    cost: int


@dataclass(frozen=True, slots=True)
class HeadingSpan:
    """The characters [start, end) below a heading, up to the next one of its level or higher.

    Args:
        parent: Index of the section around it; -1 at the top.
        letters: Letters and digits of its heading.
    """

    start: int
    end: int
    level: int
    parent: int
    above: Above
    letters: int


class Outline:
    """The sections and tables of a document.

    Args:
        tokens: Counts what a prefix takes of the model's limit.
        room: Tokens that a prefix may take; the outermost headings are left out first.
    """

    def __init__(self, document: Document, tokens: TokenCounter, room: int) -> None:
        headings = sorted(document.headings, key=lambda heading: heading.start)
        self._room = room
        self._tables = find_tables(document.text)
        self._table_starts = [table.start for table in self._tables]
        names = [document.title, *(heading.text for heading in headings)]
        self._title, *above = _costs([name[:LONGEST_NAME] for name in names], tokens)
        self._headers = _costs([table.header for table in self._tables], tokens)
        self.sections = _sections(headings, above, len(document.text))
        self._starts = [section.start for section in self.sections]

    def prefix(self, start: int, end: int) -> Above:
        """What stands above characters [start, end) without being among them, outermost first."""
        path = self._path(start, end)
        header = self._table_header(start)
        room = self._room - sum(above.cost for above in header)
        while path and sum(above.cost for above in path) > room:
            path = path[1:]
        rows = [
            SEPARATOR.join(above.words for above in path if above.words),
            *(above.words for above in header),
        ]
        return Above("\n".join(filter(None, rows)), sum(above.cost for above in (*path, *header)))

    def inside(self, start: int, end: int) -> Sequence[HeadingSpan]:
        """The sections that start after `start` and before `end`."""
        return self.sections[bisect_left(self._starts, start + 1) : bisect_left(self._starts, end)]

    def section_start(self, place: int) -> int:
        """Where the nearest section at or before a place starts; 0 above the first."""
        last = bisect_left(self._starts, place + 1) - 1
        return self._starts[last] if last >= 0 else 0

    def _path(self, start: int, end: int) -> list[Above]:
        path = [section.above for section in self._around(start, end)][::-1]
        title = self._title
        first = self.sections[0] if self.sections else None
        if first and first.above.words == title.words and start <= first.start < end:
            return path  # the title is the heading that the text itself begins with
        return path if not title.words or title in path else [title, *path]

    def _around(self, start: int, end: int) -> Iterator[HeadingSpan]:
        index = bisect_left(self._starts, start) - 1
        while index >= 0:
            section = self.sections[index]
            if section.end >= end:
                yield section
            index = section.parent

    def _table_header(self, start: int) -> list[Above]:
        index = bisect_left(self._table_starts, start + 1) - 1
        if index < 0 or start >= self._tables[index].end:
            return []
        header = self._headers[index]
        return [header] if header.cost <= self._room else []


def letters(text: str) -> int:
    """How many letters and digits a text has."""
    return sum(map(str.isalnum, text))


def _costs(names: Sequence[str], tokens: TokenCounter) -> list[Above]:
    separator, *costs = tokens.count([SEPARATOR.strip(), *names])
    return [Above(name, cost + separator if name else 0) for name, cost in zip(names, costs, strict=True)]


def _sections(headings: Sequence[Heading], above: Sequence[Above], length: int) -> list[HeadingSpan]:
    levels = [min(heading.level, DEEPEST) for heading in headings]
    ends = [length] * len(headings)
    parents = [-1] * len(headings)
    open_sections: list[int] = []
    for index, heading in enumerate(headings):
        while open_sections and levels[open_sections[-1]] >= levels[index]:
            ends[open_sections.pop()] = heading.start
        parents[index] = open_sections[-1] if open_sections else -1
        open_sections.append(index)
    return [
        HeadingSpan(heading.start, end, level, parent, words, letters(words.words))
        for heading, end, level, parent, words in zip(headings, ends, levels, parents, above, strict=True)
    ]
