"""One sheet: cells, comments, drawings, input hints, and what is printed above and below each page."""

from __future__ import annotations

from collections.abc import Iterator

from simsearch_office.flow import Block, one_line
from simsearch_office.ooxml.drawings import comment_block
from simsearch_office.ooxml.elements import Element, attribute, child, children, descendants, name_of, texts
from simsearch_office.ooxml.packages import Package
from simsearch_office.shapes import Shapes
from simsearch_office.sheets.cells import Cell, Formats, column_of, position, rich_text
from simsearch_office.sheets.layout import Row, table_blocks
from simsearch_office.sheets.page_edges import page_edge

_THREAD = "[Threaded comment]"
"""How the comment begins that stands for a thread in programs without threads."""
_HINTED = ("dataValidation", "hyperlink")
_HINTS = ("promptTitle", "prompt", "errorTitle", "error", "tooltip")


class Sheet:
    """A worksheet or a chart sheet; after `blocks`, `uncalculated` counts formulas without a result.

    Args:
        part: The sheet's part.
        persons: Names of those who write threaded comments, by id.
    """

    def __init__(self, package: Package, part: str, formats: Formats, persons: dict[str, str]) -> None:
        self._package, self._part, self._formats, self._persons = package, part, formats, persons
        self.uncalculated = 0
        self._number = -1
        self._rows: list[Row] = []
        self._words: list[str] = []

    def blocks(self) -> Iterator[Block]:
        """Everything that the sheet shows."""
        for element in self._package.xml_parts(self._part, ("row", *_HINTED, "headerFooter")):
            self._read(element)
        yield from table_blocks(self._rows)
        yield from self._comments({row.number: row for row in self._rows})
        yield from self._drawings()
        yield from map(Block, dict.fromkeys(self._words))
        for part in self._package.related(self._part, "oleObject", "package"):
            self._package.notice(f"an embedded file was not read: {part.rpartition('/')[2]}")

    def rows(self) -> list[Row]:
        """The rows that have filled cells."""
        for element in self._package.xml_parts(self._part, ("row",)):
            self._read(element)
        return self._rows

    def _read(self, element: Element) -> None:
        name = name_of(element)
        if name == "row":
            self._add_row(element)
        else:
            edges = (page_edge(edge.text or "") for edge in element)
            self._words += edges if name == "headerFooter" else _hints(element)

    def _add_row(self, element: Element) -> None:
        reference = element.get("r") or ""
        self._number = int(reference) - 1 if reference.isdecimal() else self._number + 1
        cells = tuple(self._cells(element))
        if cells:
            self.uncalculated += sum(cell.uncalculated for cell in cells)
            self._rows.append(Row(self._number, cells))

    def _cells(self, row: Element) -> list[Cell]:
        """The filled cells in order of their columns."""
        column, found = -1, []
        for element in row.iterchildren("{*}c"):
            column = column_of(element.get("r") or "", column + 1)
            cell = self._formats.cell(element, column)
            if cell.text:
                found.append(cell)
        return sorted(found, key=lambda cell: cell.column)

    def _comments(self, rows: dict[int, Row]) -> Iterator[Block]:
        """Each with the first words of its row, which say what it is about."""
        for reference, author, text in [*self._threads(), *self._notes()]:
            place = position(reference)
            row = rows.get(place[0]) if place else None
            about = f"{row.cells[0].text}: " if row else ""
            yield Block(about + comment_block(author, one_line(text)).text)

    def _threads(self) -> Iterator[tuple[str, str, str]]:
        for part in self._package.related(self._part, "threadedComment"):
            root = self._package.xml(part)
            for comment in descendants(root, "threadedComment") if root is not None else ():
                author = self._persons.get(attribute(comment, "personId") or "", "")
                yield attribute(comment, "ref") or "", author, " ".join(texts(comment, "text"))

    def _notes(self) -> Iterator[tuple[str, str, str]]:
        threaded = bool(self._package.related(self._part, "threadedComment"))
        for part in self._package.related(self._part, "comments"):
            root = self._package.xml(part)
            if root is None:
                continue
            names = [one_line(e.text or "") for e in descendants(root, "author")]
            for comment in descendants(root, "comment"):
                author, body = comment.get("authorId") or "", child(comment, "text")
                text = rich_text(body) if body is not None else ""
                if not (threaded and text.startswith(_THREAD)):
                    name = names[int(author)] if author.isdecimal() and int(author) < len(names) else ""
                    # Excel writes the author's name at the comment's beginning as well.
                    yield comment.get("ref") or "", name, text.removeprefix(f"{name}:")

    def _drawings(self) -> Iterator[Block]:
        for part in self._package.related(self._part, "drawing"):
            root = self._package.xml(part)
            if root is not None:
                yield from Shapes(self._package, part, root).blocks()
        for part in self._package.related(self._part, "vmlDrawing"):
            root = self._package.xml(part)
            yield from _old_drawing(root) if root is not None else ()


def _old_drawing(root: Element) -> Iterator[Block]:
    """Captions of buttons and boxes; the boxes of comments have none."""
    for box in descendants(root, "textbox"):
        yield Block(one_line(" ".join(box.itertext())))


def _hints(element: Element) -> Iterator[str]:
    """What is shown where something is to be entered, and lists to choose from."""
    yield from (one_line(element.get(hint) or "") for hint in _HINTS)
    for choices in children(element, "formula1"):
        if (choices.text or "").startswith('"'):
            yield choices.text.strip('"').replace(",", ", ")
