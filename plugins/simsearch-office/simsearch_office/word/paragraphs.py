"""The characters of one paragraph, and what stands behind it: text boxes, notes, charts, texts of pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from simsearch_office.flow import Block, one_line
from simsearch_office.ooxml.drawings import alternative_texts, chart_blocks, diagram_blocks
from simsearch_office.ooxml.elements import (
    Element,
    alternative,
    attribute,
    child,
    children,
    descendants,
    name_of,
)
from simsearch_office.ooxml.packages import Package
from simsearch_office.word.notes import REFERENCES, Notes
from simsearch_office.word.symbols import symbol

_PROPERTIES = (
    "pPr",
    "rPr",
    "sdtPr",
    "sdtEndPr",
    "tblPr",
    "tblGrid",
    "tblPrEx",
    "trPr",
    "tcPr",
    "sectPr",
    "rubyPr",
)
HIDDEN = frozenset(
    (*_PROPERTIES, "del", "moveFrom", "delText", "instrText", "delInstrText", "fldData", "graphicFrameLocks")
)
"""Elements without text that is displayed: properties, field codes, and what was deleted or moved away."""

_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class Surroundings(Protocol):
    """What a paragraph needs of the part that it is in."""

    package: Package
    part: str

    def inside(self, container: Element) -> Iterator[Block]: ...

    def noted(self, reference: Element) -> Iterator[Block]: ...


class Fields:
    """Where in a field we are: its code is not displayed, its result is. Fields may span paragraphs."""

    def __init__(self, root: Element | None = None) -> None:
        kinds = (
            [attribute(e, "fldCharType") for e in descendants(root, "fldChar")] if root is not None else []
        )
        # If a field never ends, nothing behind its beginning may be lost.
        self._usable = kinds.count("begin") == kinds.count("end")
        self._open: list[bool] = []

    @property
    def in_code(self) -> bool:
        return self._usable and not all(self._open)

    def pass_by(self, element: Element) -> None:
        """Note a field's beginning, the border before its result, or its end."""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._open.append(False)
        elif kind == "separate" and self._open:
            self._open[-1] = True
        elif kind == "end" and self._open:
            self._open.pop()


class Paragraph:
    """Reads one paragraph; `text` and `behind` are what it holds."""

    def __init__(self, surroundings: Surroundings, fields: Fields, notes: Notes) -> None:
        self._surroundings, self._fields, self._notes = surroundings, fields, notes
        self._characters: list[str] = []
        self.behind: list[Block] = []

    @property
    def text(self) -> str:
        return "".join(self._characters)

    def read(self, element: Element) -> None:
        """Add what an element displays."""
        for inner in element:
            name = name_of(inner)
            if name in HIDDEN:
                self._notes.drop(inner)
            elif name in _CHARACTERS:
                self._write(_CHARACTERS[name])
            elif name in _READERS:
                _READERS[name](self, inner)
            elif name:
                self.read(inner)

    def add(self, blocks: Iterable[Block]) -> None:
        """Put blocks behind the paragraph; of equal ones, the first only."""
        for block in blocks:
            if block.text.strip() and block not in self.behind:
                self.behind.append(block)

    def _write(self, characters: str) -> None:
        if not self._fields.in_code:
            self._characters.append(characters)

    def _text(self, element: Element) -> None:
        self._write(element.text or "")

    def _symbol(self, element: Element) -> None:
        self._write(symbol(attribute(element, "font") or "", attribute(element, "char") or ""))

    def _field(self, element: Element) -> None:
        self._fields.pass_by(element)
        if choice := _chosen(element):
            self._characters.append(choice)

    def _alternatives(self, element: Element) -> None:
        branch = alternative(element)
        if branch is not None:
            self.read(branch)

    def _ruby(self, element: Element) -> None:
        for base in children(element, "rubyBase"):
            self.read(base)
        for reading in children(element, "rt"):
            self.add([Block("".join(t.text or "" for t in descendants(reading, "t")))])

    def _container(self, element: Element) -> None:
        self.add(self._surroundings.inside(element))

    def _note(self, element: Element) -> None:
        self.add(self._surroundings.noted(element))

    def _picture(self, element: Element) -> None:
        self.add(map(Block, alternative_texts(element)))
        self.read(element)

    def _shape(self, element: Element) -> None:
        """Old drawings say in attributes what is written along a line, or shown instead of a picture."""
        words = (one_line(attribute(element, name) or "") for name in ("string", "alt", "title"))
        self.add(map(Block, words))
        self.read(element)

    def _chart(self, element: Element) -> None:
        part = self._target(element, "id")
        self.add(chart_blocks(self._surroundings.package, part) if part else ())

    def _diagram(self, element: Element) -> None:
        part = self._target(element, "dm")
        self.add(diagram_blocks(self._surroundings.package, part) if part else ())

    def _embedded(self, element: Element) -> None:
        name = self._target(element, "id").rpartition("/")[2]
        if name:
            self._surroundings.package.notice(f"an embedded file was not read: {name}")

    def _target(self, element: Element, attribute_name: str) -> str:
        return self._surroundings.package.target(self._surroundings.part, attribute(element, attribute_name))


def _chosen(field: Element) -> str:
    """The entry of a drop-down form field that is shown; no run holds it."""
    entries = child(field, "ffData", "ddList")
    if entries is None:
        return ""
    texts = [attribute(entry, "val") or "" for entry in children(entries, "listEntry")]
    result = child(entries, "result") if child(entries, "result") is not None else child(entries, "default")
    index = (attribute(result, "val") or "0") if result is not None else "0"
    return texts[int(index)] if index.isdecimal() and int(index) < len(texts) else ""


_READERS: dict[str, Callable[[Paragraph, Element], None]] = {
    "t": Paragraph._text,
    "sym": Paragraph._symbol,
    "fldChar": Paragraph._field,
    "AlternateContent": Paragraph._alternatives,
    "ruby": Paragraph._ruby,
    "txbxContent": Paragraph._container,
    "txBody": Paragraph._container,
    "docPr": Paragraph._picture,
    "cNvPr": Paragraph._picture,
    "textpath": Paragraph._shape,
    "shape": Paragraph._shape,
    "rect": Paragraph._shape,
    "imagedata": Paragraph._shape,
    "chart": Paragraph._chart,
    "relIds": Paragraph._diagram,
    "OLEObject": Paragraph._embedded,
    **dict.fromkeys(REFERENCES, Paragraph._note),
}
