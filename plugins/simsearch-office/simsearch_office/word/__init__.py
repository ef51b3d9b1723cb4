"""Word files (.docx): a file is a document, with its headings in place and its tables as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simsearch import Document
from simsearch_office.flow import Flow
from simsearch_office.old import read_old
from simsearch_office.ooxml.packages import OLE, Package, opened
from simsearch_office.ooxml.properties import title_and_metadata
from simsearch_office.word.notes import Notes
from simsearch_office.word.story import Story
from simsearch_office.word.styles import Levels

NO_TEXT = "no text in it"


def read_word(path: Path, content: bytes) -> Iterator[Document]:
    """The body with its notes and comments below the paragraphs that refer to them, then page headers and footers.

    Raises:
        UnreadableFile: It is broken or encrypted.
    """
    if content.startswith(OLE):  # encrypted, or an older file under a newer name
        yield from read_old(path, content)
        return
    with opened(content, "Word") as package:
        document = _document(package)
    yield document


def _document(package: Package) -> Document:
    main = package.main()
    levels, notes = Levels(package, main), Notes(package, main)
    flow = Flow()
    flow.add(Story(package, main, levels, notes).blocks())
    flow.end_sections()
    for part, note in notes.rest():
        flow.add(Story(package, part, levels, notes).note(note))
    for part in package.related(main, "header", "footer"):
        flow.add_once(Story(package, part, levels, notes).blocks())
    title, metadata = title_and_metadata(package)
    headings = flow.headings
    title = title or next((heading.text for heading in headings if heading.text), "")
    notices = package.notices if flow.text else [NO_TEXT, *package.notices]
    return Document(flow.text, "", title, headings, metadata, notices=tuple(notices))
