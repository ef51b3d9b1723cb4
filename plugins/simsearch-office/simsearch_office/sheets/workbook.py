"""The workbook: its sheets in order, and what all of them share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simsearch import Document, UnreadableFile
from simsearch_office.flow import Flow, counted
from simsearch_office.ooxml.elements import Element, attribute, child, children, descendants, name_of
from simsearch_office.ooxml.packages import Package
from simsearch_office.ooxml.properties import title_and_metadata
from simsearch_office.sheets.cells import Formats, rich_text
from simsearch_office.sheets.sheet import Sheet


class Workbook:
    """An open workbook.

    Raises:
        UnreadableFile: Its sheets are not XML.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main()
        if self._main.endswith(".bin"):
            raise UnreadableFile("an Excel binary workbook (.xlsb): save it as .xlsx")
        self.title, self.metadata = title_and_metadata(package)

    def documents(self) -> Iterator[Document]:
        """Each sheet, also those without text."""
        pending = 0
        for entry, sheet in self.sheets():
            flow = Flow()
            flow.add(sheet.blocks())
            pending += sheet.uncalculated
            yield self._document(entry, flow.text)
        if pending:
            self._package.notice(
                f"{counted(pending, 'formula')} without a stored result: the formula was read instead"
            )

    def sheets(self) -> Iterator[tuple[Element, Sheet]]:
        """Each sheet with its entry, which has its name and whether it is hidden."""
        root = self._package.xml(self._main)
        if root is None:
            return
        formats, persons = self._formats(root), self._persons()
        for entry in descendants(root, "sheet"):
            part = self._package.target(self._main, attribute(entry, "id"))
            if part:
                yield entry, Sheet(self._package, part, formats, persons)

    def _document(self, entry: Element, text: str) -> Document:
        name = entry.get("name") or ""
        hidden = {"hidden": True} if (entry.get("state") or "visible") != "visible" else {}
        metadata: dict[str, Any] = {**self.metadata, "sheet": name, **hidden}
        title = f"{self.title}: {name}" if self.title else name
        return Document(text, f"#sheet={name}", title, metadata=metadata)

    def _formats(self, root: Element) -> Formats:
        settings, calculation = child(root, "workbookPr"), child(root, "calcPr")
        return Formats(
            strings=[text for part in self._parts("sharedStrings") for text in _strings(part)],
            codes=[code for part in self._parts("styles") for code in _codes(part)],
            since_1904=settings is not None and settings.get("date1904") in ("1", "true"),
            # A program that can't calculate asks for it in this way, and stores zeros or nothing as results.
            calculated=calculation is None or calculation.get("fullCalcOnLoad") not in ("1", "true"),
        )

    def _parts(self, kind: str) -> Iterator[Element]:
        found = map(self._package.xml, self._package.related(self._main, kind))
        return (root for root in found if root is not None)

    def _persons(self) -> dict[str, str]:
        """Who writes threaded comments, by id."""
        return {
            attribute(person, "id") or "": attribute(person, "displayName") or ""
            for root in self._parts("person")
            for person in root
            if name_of(person)
        }


def _strings(root: Element) -> Iterator[str]:
    return map(rich_text, children(root, "si"))


def _codes(root: Element) -> Iterator[str]:
    """The number format of each style that cells refer to."""
    from simsearch_office.sheets.number_formats import BUILT_IN, GENERAL

    own = {
        attribute(e, "numFmtId") or "": attribute(e, "formatCode") or GENERAL
        for e in descendants(root, "numFmt")
    }
    styles = child(root, "cellXfs")
    for style in styles if styles is not None else ():
        if name_of(style):
            id = style.get("numFmtId") or "0"
            built_in = BUILT_IN.get(int(id), GENERAL) if id.isdecimal() else GENERAL
            yield own.get(id, built_in)
