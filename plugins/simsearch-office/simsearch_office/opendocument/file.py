"""An OpenDocument file's parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simsearch_office.flow import one_line
from simsearch_office.ooxml.elements import Element, child, descendants, name_of
from simsearch_office.ooxml.packages import Package

_KEYS = {
    "creator": "author",
    "date": "date",
    "language": "language",
    "subject": "subject",
    "keyword": "keywords",
    "description": "comments",
}


class OpenDocument:
    """The contents and styles, from an archive or from one XML file.

    Args:
        package: None for the flat form.
    """

    def __init__(self, package: Package | None, content: Element, styles: Element | None) -> None:
        self._package, self._content, self.styles = package, content, styles
        self._notices: list[str] = []

    @property
    def notices(self) -> list[str]:
        """What was not read."""
        return self._package.notices if self._package else self._notices

    def bodies(self) -> Iterator[Element]:
        """The text, spreadsheet, presentation or drawing; what holds nothing but a formula itself."""
        body = child(self._content, "body")
        if body is None and name_of(self._content) == "math":
            return iter((self._content,))
        return (inner for inner in body if name_of(inner)) if body is not None else iter(())

    def object(self, reference: str) -> Element | None:
        """The contents of an embedded chart, formula or other file; None if it has none that can be read."""
        folder = reference.removeprefix("./").rstrip("/")
        if not self._package or not folder:
            return None
        return self._package.xml(f"{folder}/content.xml")

    def notice_embedded(self, reference: str) -> None:
        """Report an embedded file that is not read."""
        sentence = f"an embedded file was not read: {reference.removeprefix('./')}"
        if sentence not in self.notices:
            self.notices.append(sentence)

    def master_pages(self) -> Iterator[Element]:
        """What is the same on all pages: headers, footers and drawings."""
        return descendants(self.styles, "master-page") if self.styles is not None else iter(())

    def title_and_metadata(self) -> tuple[str, dict[str, Any]]:
        """The title, which may be empty; author, date, language, subject, keywords and comments where known."""
        root = self._package.xml("meta.xml") if self._package else self._content
        meta = next(descendants(root, "meta"), None) if root is not None else None
        found: dict[str, str] = {}
        for element in meta if meta is not None else ():
            name, text = name_of(element), one_line("".join(element.itertext()))
            found[name] = f"{found[name]}, {text}" if name == "keyword" and name in found else text
        found["creator"] = found.get("creator") or found.get("initial-creator", "")
        found["date"] = found.get("date") or found.get("creation-date", "")
        return found.get("title", ""), {key: found[name] for name, key in _KEYS.items() if found.get(name)}
