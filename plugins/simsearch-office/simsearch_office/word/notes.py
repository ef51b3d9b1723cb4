"""Footnotes, endnotes and comments: parts of their own that the text refers to."""

from __future__ import annotations

from collections.abc import Iterator

from simsearch_office.ooxml.elements import Element, attribute, name_of
from simsearch_office.ooxml.packages import Package

REFERENCES = {
    "footnoteReference": "footnotes",
    "endnoteReference": "endnotes",
    "commentReference": "comments",
}


class Notes:
    """The notes of a document by kind and id; each is given once."""

    def __init__(self, package: Package, main: str) -> None:
        self.package = package
        self._notes: dict[tuple[str, str], tuple[str, Element]] = {}
        for kind in REFERENCES.values():
            for part in package.related(main, kind):
                root = package.xml(part)
                for note in root if root is not None else ():
                    if name_of(note):
                        self._notes[kind, attribute(note, "id") or ""] = (part, note)

    def take(self, reference: Element) -> tuple[str, Element] | None:
        """The part and element of the note that a reference leads to, unless it was given before."""
        kind = REFERENCES[name_of(reference)]
        return self._notes.pop((kind, attribute(reference, "id") or ""), None)

    def drop(self, deleted: Element) -> None:
        """Notes that only deleted text refers to are deleted too."""
        for element in deleted.iterdescendants():
            if name_of(element) in REFERENCES:
                self.take(element)

    def rest(self) -> Iterator[tuple[str, Element]]:
        """Notes that no text refers to."""
        while self._notes:
            yield self._notes.pop(next(iter(self._notes)))
