"""One part's text as Word displays it: with insertions, without deletions, boxes and notes behind their paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from simsearch.tables import table_text
from simsearch_office.flow import Block, joined
from simsearch_office.ooxml.drawings import comment_block
from simsearch_office.ooxml.elements import Element, alternative, attribute, child, name_of
from simsearch_office.ooxml.packages import Package
from simsearch_office.word.imports import imported_blocks
from simsearch_office.word.notes import Notes
from simsearch_office.word.paragraphs import HIDDEN, Fields, Paragraph
from simsearch_office.word.styles import Levels

_PARAGRAPHS = ("p", "oMathPara", "oMath")


class Story:
    """The body, a header, a footer or a note.

    Args:
        part: The name of the part that the elements are in; ids of pictures, charts and the like are its own.
    """

    def __init__(self, package: Package, part: str, levels: Levels, notes: Notes) -> None:
        self.package, self.part, self._levels, self._notes = package, part, levels, notes
        self._fields = Fields()
        self._unfinished = ""
        self._in_cell = False

    def blocks(self) -> Iterator[Block]:
        """The whole part."""
        root = self.package.xml(self.part)
        if root is not None:
            self._fields = Fields(root)
            yield from self.inside(root)

    def note(self, element: Element) -> Iterator[Block]:
        """A footnote or endnote, or a comment with its author's name."""
        self._fields = Fields(element)
        blocks = self.inside(element)
        if name_of(element) == "comment":
            text = "\n".join(block.text.strip() for block in blocks)
            yield comment_block(attribute(element, "author") or "", text)
        else:
            yield from (Block(block.text) for block in blocks)

    def inside(self, container: Element) -> Iterator[Block]:
        """The paragraphs and tables below an element, in order."""
        for element in container:
            name = name_of(element)
            if name in _PARAGRAPHS:
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._table(element)
            elif name == "AlternateContent":
                branch = alternative(element)
                yield from self.inside(branch) if branch is not None else ()
            elif name == "altChunk":
                yield from imported_blocks(
                    self.package, self.package.target(self.part, attribute(element, "id"))
                )
            elif name in HIDDEN:
                self._notes.drop(element)
            elif name:
                yield from self.inside(element)
        if self._unfinished and name_of(container) in ("body", "tc", "txbxContent"):
            yield Block(self._unfinished.strip())
            self._unfinished = ""

    def _paragraph(self, element: Element) -> Iterator[Block]:
        paragraph = Paragraph(self, self._fields, self._notes)
        paragraph.read(element)
        text = self._unfinished + paragraph.text
        # Where the mark at a paragraph's end was deleted, the next paragraph continues it.
        mark = child(element, "pPr", "rPr")
        continued = mark is not None and any(name_of(change) in ("del", "moveFrom") for change in mark)
        self._unfinished = text if continued else ""
        if not continued:
            yield Block(text.strip(), self._levels.of(element))
        yield from paragraph.behind

    def noted(self, reference: Element) -> Iterator[Block]:
        """The note that a reference leads to."""
        if found := self._notes.take(reference):
            part, element = found
            yield from Story(self.package, part, self._levels, self._notes).note(element)

    def _table(self, table: Element) -> Iterator[Block]:
        rows = [list(_cells(row)) for row in _rows(table)]
        if all(len(cells) == 1 for cells in rows):  # a frame around text
            for [cell] in rows:
                yield from self.inside(cell)
        elif self._in_cell:
            yield Block("; ".join(", ".join(map(self._cell, cells)) for cells in rows))
        else:
            yield Block(table_text([list(map(self._cell, cells)) for cells in rows]))

    def _cell(self, cell: Element) -> str:
        outside, self._in_cell = self._in_cell, True
        text = joined(self.inside(cell))
        self._in_cell = outside
        return text


def _rows(table: Element) -> Iterator[Element]:
    return (row for row in _below(table, "tr") if child(row, "trPr", "del") is None)


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in _below(row, "tc") if child(cell, "tcPr", "cellDel") is None)


def _below(element: Element, wanted: str) -> Iterator[Element]:
    """Rows or cells, also those in content controls and the like."""
    for inner in element:
        name = name_of(inner)
        if name == wanted:
            yield inner
        elif name and name not in HIDDEN:
            yield from _below(inner, wanted)
