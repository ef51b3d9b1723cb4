"""Which paragraphs are headings."""

from __future__ import annotations

import re

from simsearch_office.ooxml.elements import Element, attribute, child, children
from simsearch_office.ooxml.packages import Package

_HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)
LOWEST = 9


class Levels:
    """The heading level of paragraphs, by their style's name or outline level, or those it is based on."""

    def __init__(self, package: Package, main: str) -> None:
        self._own: dict[str, int | None] = {}
        self._based_on: dict[str, str] = {}
        for part in package.related(main, "styles"):
            root = package.xml(part)
            for style in children(root, "style") if root is not None else ():
                self._add(style)

    def _add(self, style: Element) -> None:
        id = attribute(style, "styleId") or ""
        name = _value(style, "name") or ""
        found = _HEADING.match(name)
        level = int(found[1]) if found else 1 if name == "Title" else None
        self._own[id] = level if level is not None else _outline_level(child(style, "pPr"))
        self._based_on[id] = _value(style, "basedOn") or ""

    def of(self, paragraph: Element) -> int:
        """1 to 9 for a heading, 0 for any other paragraph."""
        properties = child(paragraph, "pPr")
        if properties is None:
            return 0
        direct = _outline_level(properties)
        return self._of_style(_value(properties, "pStyle") or "") if direct is None else direct

    def _of_style(self, id: str) -> int:
        seen = set()
        while id in self._own and id not in seen:
            level = self._own[id]
            if level is not None:
                return level
            seen.add(id)
            id = self._based_on[id]
        return 0


def _outline_level(properties: Element | None) -> int | None:
    """Word counts from 0 and means body text by 9; None where nothing is said."""
    value = _value(properties, "outlineLvl") if properties is not None else None
    if value is None or not value.isdecimal():
        return None
    return int(value) + 1 if int(value) < LOWEST else 0


def _value(element: Element, name: str) -> str | None:
    found = child(element, name)
    return attribute(found, "val") if found is not None else None
