"""Links, anchors, terms and definitions of a page, each at the place of its first character."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Mark
from simsearch.types import MarkKind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SPANS: dict[str, MarkKind] = {"a": "link", "dt": "term", "dd": "definition"}


class Marks:
    """Collects marks while a page's text grows."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._open: list[tuple[Element, int]] = []
        self._unplaced: list[Mark] = []

    @property
    def found(self) -> tuple[Mark, ...]:
        return tuple(sorted(self._marks, key=lambda mark: mark.start))

    def open(self, element: Element) -> None:
        """Note that an element begins; place() sets where its text begins."""
        name = element.get("id") or (element.get("name") if element.tag == "a" else None)
        if name:
            self._unplaced.append(Mark(0, 0, "anchor", name))
        kind = SPANS.get(str(element.tag))
        if kind and (kind != "link" or element.get("href")):
            self._open.append((element, len(self._marks) + len(self._unplaced)))
            self._unplaced.append(Mark(0, 0, kind, element.get("href") or ""))

    def place(self, start: int) -> None:
        """Place the elements that have begun at `start`, the next visible character."""
        self._marks += [Mark(start, start, mark.kind, mark.target) for mark in self._unplaced]
        self._unplaced.clear()

    def close(self, element: Element, end: int) -> None:
        """Note that an element ends at character `end`."""
        if not self._open or self._open[-1][0] is not element:
            return
        _, index = self._open.pop()
        if index < len(self._marks):
            mark = self._marks[index]
            self._marks[index] = Mark(mark.start, end, mark.kind, mark.target)
        else:  # an element without text, as <a href="…"><img></a>
            del self._unplaced[index - len(self._marks)]
