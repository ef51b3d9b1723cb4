"""Bookmarks as headings: each page knows the sections that it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from simsearch import Heading
from simsearch_office.flow import one_line


class Bookmark(NamedTuple):
    """A section that begins on a page, counted from 1; level 1 is the highest."""

    page: int
    level: int
    text: str


class Outline:
    """Bookmarks in order of their pages."""

    def __init__(self, bookmarks: Sequence[Bookmark]) -> None:
        self._bookmarks = sorted(bookmarks, key=lambda bookmark: bookmark.page)

    @classmethod
    def of(cls, document: Any) -> Outline:
        """The outline of a PDFium document."""
        return cls(list(_bookmarks(document)))

    def on_page(self, page: int, text: str) -> tuple[Heading, ...]:
        """The sections that go on from pages before, then those that begin on the page where its text says so."""
        if not text.strip():
            return ()
        open_sections: dict[int, str] = {}
        begun: list[Heading] = []
        place = 0
        for bookmark in self._bookmarks:
            if bookmark.page < page:
                open_sections = {k: v for k, v in open_sections.items() if k < bookmark.level}
                open_sections[bookmark.level] = bookmark.text
            elif bookmark.page == page:
                place = _find(bookmark.text, text, place)
                begun.append(Heading(place, bookmark.level, bookmark.text))
        return (*(Heading(0, level, words) for level, words in sorted(open_sections.items())), *begun)


def _bookmarks(document: Any) -> Iterator[Bookmark]:
    for bookmark in document.get_toc(max_depth=9):
        destination, title = bookmark.get_dest(), one_line(bookmark.get_title() or "")
        index = destination.get_index() if destination else None
        if title and index is not None and index >= 0:
            yield Bookmark(index + 1, bookmark.level + 1, title)


def _find(words: str, text: str, start: int) -> int:
    """Where a heading stands in a page's text, at or behind `start`."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = re.compile(pattern, re.IGNORECASE).search(text, start)
    return found.start() if found else start
