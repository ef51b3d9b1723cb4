"""The shapes of a slide, a notes page or a drawing on a sheet, in document order."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from simsearch.tables import table_text
from simsearch_office.flow import Block
from simsearch_office.ooxml.drawings import (
    alternative_texts,
    chart_blocks,
    diagram_blocks,
    paragraph_texts,
    table_rows,
)
from simsearch_office.ooxml.elements import Element, alternative, attribute, child, descendants, name_of
from simsearch_office.ooxml.packages import Package

_SHAPES = ("sp", "cxnSp", "pic", "graphicFrame", "grpSp")


class Shapes:
    """All shapes below an element of a part.

    Args:
        part: The name of the part; ids of charts and the like are its own.
    """

    def __init__(self, package: Package, part: str, root: Element) -> None:
        self._package, self._part, self._root = package, part, root

    def placeholder_text(self, kinds: Collection[str]) -> str:
        """The text of the first placeholder of these kinds that has some."""
        for shape in descendants(self._root, "sp"):
            if _placeholder(shape) in kinds and (text := "\n".join(_text(shape))):
                return text
        return ""

    def blocks(self, *, without: Collection[str] = (), placeholders: bool = True) -> Iterator[Block]:
        """The text of each shape.

        Args:
            without: Kinds of placeholders to leave out.
            placeholders: False to leave them all out; those of a layout say what should be filled in.
        """
        for shape in self._below(self._root):
            kind = _placeholder(shape)
            if kind is None or (placeholders and kind not in without):
                yield from self._shape(shape)

    def _below(self, element: Element) -> Iterator[Element]:
        for inner in element:
            name = name_of(inner)
            if name == "AlternateContent":
                branch = alternative(inner)
                yield from self._below(branch) if branch is not None else ()
            elif name in _SHAPES:
                yield inner
                yield from self._below(inner) if name == "grpSp" else ()
            elif name and name != "extLst":
                yield from self._below(inner)

    def _shape(self, shape: Element) -> Iterator[Block]:
        if name_of(shape) != "grpSp":
            yield Block("\n".join(_text(shape)))
        yield from self._frame(shape) if name_of(shape) == "graphicFrame" else ()
        for properties in shape:
            if name_of(properties).startswith("nv"):
                about = child(properties, "cNvPr")
                yield from map(Block, alternative_texts(about) if about is not None else ())

    def _frame(self, frame: Element) -> Iterator[Block]:
        for element in descendants(frame, "graphicData"):
            for inner in element:
                yield from self._graphic(inner)

    def _graphic(self, element: Element) -> Iterator[Block]:
        name = name_of(element)
        if name == "tbl":
            yield Block(table_text(table_rows(element)))
        elif name == "chart":
            yield from chart_blocks(self._package, self._target(element, "id"))
        elif name == "relIds":
            yield from diagram_blocks(self._package, self._target(element, "dm"))
        else:
            self._note_embedded(element)

    def _note_embedded(self, element: Element) -> None:
        """Report files that are embedded as objects: their pictures are shown, their texts are not read."""
        for inner in element.iter():
            if name_of(inner) in ("oleObj", "embed") and (part := self._target(inner, "id")):
                self._package.notice(f"an embedded file was not read: {part.rpartition('/')[2]}")

    def _target(self, element: Element, name: str) -> str:
        return self._package.target(self._part, attribute(element, name))


def holds_picture(root: Element) -> bool:
    """Whether anything is drawn that could show text."""
    return any(name_of(element) in ("pic", "blip") for element in root.iter())


def _placeholder(shape: Element) -> str | None:
    """What a placeholder is for; empty for the usual one, None for other shapes."""
    for properties in shape:
        if name_of(properties).startswith("nv"):
            kind = child(properties, "nvPr", "ph")
            return (attribute(kind, "type") or "") if kind is not None else None
    return None


def _text(shape: Element) -> Iterator[str]:
    body = child(shape, "txBody")
    return paragraph_texts(body) if body is not None else iter(())
