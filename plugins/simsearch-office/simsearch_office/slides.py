"""PowerPoint files (.pptx): a slide is a document, with its notes and comments below it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simsearch import Document, Heading
from simsearch_office.flow import Block, Flow, one_line, which_of
from simsearch_office.old import read_old
from simsearch_office.ooxml.drawings import authors, comment_block, paragraph_texts
from simsearch_office.ooxml.elements import Element, attribute, child, descendants, texts
from simsearch_office.ooxml.packages import OLE, Package, opened
from simsearch_office.ooxml.properties import title_and_metadata
from simsearch_office.shapes import Shapes, holds_picture

_TITLES = ("title", "ctrTitle")
_NOT_SPOKEN = ("sldImg", "sldNum", "dt", "hdr", "ftr")
"""Placeholders of a notes page besides the notes."""


def read_slides(path: Path, content: bytes) -> Iterator[Document]:
    """The slides that have text, hidden ones too; `slide` counts from 1.

    Raises:
        UnreadableFile: It is broken or encrypted.
    """
    if content.startswith(OLE):  # encrypted, or an older file under a newer name
        yield from read_old(path, content)
        return
    with opened(content, "PowerPoint") as package:
        documents = list(_Deck(package).documents())
    yield from documents


class _Deck:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main()
        self._title, self._metadata = title_and_metadata(package)
        self._seen_layouts: set[str] = set()
        self._authors: dict[str, str] = {}
        for part in package.related(self._main, "commentAuthors", "authors"):
            self._authors |= authors(package.xml(part))

    def documents(self) -> Iterator[Document]:
        """One for each slide with text; one without text that says so if there is none."""
        documents, pictures = [], []
        parts = self._slides()
        for number, part in enumerate(parts, 1):
            root = self._package.xml(part)
            if root is None:
                continue
            document = self._document(number, part, root)
            if document.text:
                documents.append(document)
            elif holds_picture(root):
                pictures.append(number)
        notices = self._package.notices
        if pictures:
            notices.append(which_of("slide", pictures, len(parts), "is an image", "are images"))
        if not documents:
            documents.append(Document("", title=self._title, metadata=self._metadata))
            notices = notices or ["no text in it"]
        for position, document in enumerate(documents):
            yield _with_notices(document, notices) if position == 0 else document

    def _slides(self) -> list[str]:
        root = self._package.xml(self._main)
        entries = descendants(root, "sldId") if root is not None else ()
        found = (self._package.target(self._main, _relation_id(entry)) for entry in entries)
        return [part for part in found if part]

    def _document(self, number: int, part: str, root: Element) -> Document:
        shapes = Shapes(self._package, part, root)
        title = one_line(shapes.placeholder_text(_TITLES))
        flow = Flow()
        flow.add([Block(title, 1)])
        flow.add(shapes.blocks(without=(*_TITLES, "sldNum") if title else ("sldNum",)))
        for notes in self._package.related(part, "notesSlide"):
            spoken = self._package.xml(notes)
            if spoken is not None:
                flow.add(Shapes(self._package, notes, spoken).blocks(without=_NOT_SPOKEN))
        flow.add(self._comments(part))
        flow.add(self._layout(part))
        headings = (Heading(0, 1, title),) if title else ()
        shown = title or (self._title if number == 1 else "")
        return Document(flow.text, f"#slide={number}", shown, headings, self._about(number, root))

    def _about(self, number: int, root: Element) -> dict[str, Any]:
        hidden = {"hidden": True} if attribute(root, "show") in ("0", "false") else {}
        return {**self._metadata, "slide": number, **hidden}

    def _comments(self, slide: str) -> Iterator[Block]:
        for part in self._package.related(slide, "comments"):
            root = self._package.xml(part)
            for comment in descendants(root, "cm") if root is not None else ():
                yield self._comment(comment)
                yield from map(self._comment, descendants(comment, "reply"))

    def _comment(self, comment: Element) -> Block:
        body = child(comment, "txBody")
        words = paragraph_texts(body) if body is not None else texts(comment, "text")
        return comment_block(self._authors.get(attribute(comment, "authorId") or "", ""), "\n".join(words))

    def _layout(self, slide: str) -> Iterator[Block]:
        """What is drawn on every slide of a layout, given once."""
        for layout in self._package.related(slide, "slideLayout"):
            for part in (layout, *self._package.related(layout, "slideMaster")):
                root = self._package.xml(part) if part not in self._seen_layouts else None
                self._seen_layouts.add(part)
                if root is not None:
                    yield from Shapes(self._package, part, root).blocks(placeholders=False)


def _relation_id(entry: Element) -> str | None:
    """An entry has an id of its own, a number, and one of a relation."""
    return next((str(value) for key, value in entry.attrib.items() if key.endswith("}id")), None)


def _with_notices(document: Document, notices: list[str]) -> Document:
    from dataclasses import replace

    return replace(document, notices=tuple(notices))
