"""Spreadsheets: a sheet is a document. Files hold the text of each cell as it is displayed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simsearch import Document
from simsearch_office.flow import Block, Flow, counted, one_line
from simsearch_office.ooxml.elements import Element, attribute, children, descendants, name_of
from simsearch_office.opendocument.file import OpenDocument
from simsearch_office.opendocument.text import Story, descendants_but, page_edges
from simsearch_office.sheets.cells import Cell
from simsearch_office.sheets.layout import Row, table_blocks

_VALUES = ("string-value", "date-value", "time-value", "boolean-value", "value")
_MOST_REPEATED = 100
_TEXT_VALUE = re.compile(r'"([^"]+)"')
_MESSAGES = ("help-message", "error-message")


def sheet_documents(file: OpenDocument, body: Element) -> Iterator[Document]:
    """Each sheet; what is printed on all pages belongs to the first."""
    title, metadata = file.title_and_metadata()
    story, pending = Story(file), 0
    for number, table in enumerate(children(body, "table")):
        sheet = _Sheet(story, table)
        flow = Flow()
        flow.add(sheet.blocks())
        flow.add_once((*_messages(story, body), *page_edges(file, story)) if number == 0 else ())
        pending += sheet.uncalculated
        name = attribute(table, "name") or ""
        shown = f"{title}: {name}" if title else name
        yield Document(flow.text, f"#sheet={name}", shown, metadata={**metadata, "sheet": name})
    if pending:
        file.notices.append(
            f"{counted(pending, 'formula')} without a stored result: the formula was read instead"
        )


def _messages(story: Story, body: Element) -> Iterator[Block]:
    """What cells say to those who fill them in, and what they can be filled with."""
    for validation in descendants(body, "content-validation"):
        condition = attribute(validation, "condition") or ""
        if "in-list" in condition:
            yield Block(", ".join(_TEXT_VALUE.findall(condition)))
    for message in (one for kind in _MESSAGES for one in descendants(body, kind)):
        yield Block(one_line(attribute(message, "title") or ""))
        yield from story.blocks(message)


class _Sheet:
    def __init__(self, story: Story, table: Element) -> None:
        self._story, self._table = story, table
        self._comments: list[Block] = []
        self.uncalculated = 0

    def blocks(self) -> Iterator[Block]:
        rows = []
        number = 0
        for element in descendants_but(self._table, "table-row", "shapes"):
            cells = tuple(self._cells(element))
            if cells:
                rows.append(Row(number, cells))
            number += _times(element, "number-rows-repeated")
        yield from table_blocks(rows)
        yield from self._comments
        for shapes in children(self._table, "shapes"):
            yield from self._story.blocks(shapes)

    def _cells(self, row: Element) -> Iterator[Cell]:
        column, first = 0, ""
        for element in row:
            if name_of(element) not in ("table-cell", "covered-table-cell"):
                continue
            times = _times(element, "number-columns-repeated")
            text, uncalculated = self._shown(element)
            first = first or text
            self._comments += self._behind(element, first)
            self.uncalculated += uncalculated
            is_text = attribute(element, "value-type") in (None, "string")
            for place in range(min(times, _MOST_REPEATED) if text else 0):
                yield Cell(column + place, text, is_text, uncalculated)
            column += times

    def _shown(self, cell: Element) -> tuple[str, bool]:
        """A cell's text; programs that write no text give a value, and those that can't calculate a formula."""
        paragraphs = (block.text for p in children(cell, "p") for block in list(self._story.paragraph(p))[:1])
        text = one_line(" ".join(paragraphs))
        value = next((v for name in _VALUES if (v := attribute(cell, name))), "")
        formula = attribute(cell, "formula") or ""
        is_empty = attribute(cell, "string-value") == ""
        if text or value or is_empty or not formula:
            return text or one_line(value), False
        return one_line(formula.partition(":")[2] or formula), True

    def _behind(self, cell: Element, first: str) -> Iterator[Block]:
        """Comments and drawings of a cell, with the first words of its row."""
        for element in cell:
            if name_of(element) == "annotation":
                for comment in self._story.annotation(element):
                    yield Block(f"{first}: {comment.text}" if first else comment.text)
            elif name_of(element) and name_of(element) != "p":
                yield from self._story.of(element)
        for paragraph in children(cell, "p"):
            yield from list(self._story.paragraph(paragraph))[1:]


def _times(element: Element, name: str) -> int:
    times = attribute(element, name) or "1"
    return int(times) if times.isdecimal() else 1
