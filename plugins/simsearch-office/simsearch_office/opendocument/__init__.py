"""OpenDocument files: texts (.odt), spreadsheets (.ods), presentations (.odp), drawings (.odg), flat ones too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from simsearch import Document, UnreadableFile
from simsearch_office.ooxml.elements import child, name_of, parse
from simsearch_office.ooxml.packages import opened, reasons
from simsearch_office.opendocument.file import OpenDocument
from simsearch_office.opendocument.pages import page_documents
from simsearch_office.opendocument.sheets import sheet_documents
from simsearch_office.opendocument.text import text_document

NAME = "OpenDocument"


def read_opendocument(path: Path, content: bytes) -> Iterator[Document]:
    """A text as one document, each sheet of a spreadsheet, each page of a presentation or drawing.

    Raises:
        UnreadableFile: It is broken or encrypted.
    """
    with _opened(content) as file:
        documents = [document for document in _documents(file) if document.text]
        notices = tuple(file.notices)
    if not documents:
        title, metadata = file.title_and_metadata()
        documents, notices = [Document("", title=title, metadata=metadata)], notices or ("no text in it",)
    yield replace(documents[0], notices=notices)
    yield from documents[1:]


def _documents(file: OpenDocument) -> Iterator[Document]:
    for body in file.bodies():
        kind = name_of(body)
        if kind == "spreadsheet":
            yield from sheet_documents(file, body)
        elif kind in ("presentation", "drawing"):
            yield from page_documents(file, body, "slide" if kind == "presentation" else "page")
        else:
            yield text_document(file, body)


@contextmanager
def _opened(content: bytes) -> Iterator[OpenDocument]:
    if not content.startswith(b"PK"):
        with reasons(f"broken {NAME} file"):
            root = parse(content)
            yield OpenDocument(None, root, root)
        return
    with opened(content, NAME) as package:
        manifest = package.xml("META-INF/manifest.xml")
        if manifest is not None and any(child(entry, "encryption-data") is not None for entry in manifest):
            raise UnreadableFile("needs a password")
        root = package.xml("content.xml")
        if root is None:
            raise UnreadableFile("no document in it")
        yield OpenDocument(package, root, package.xml("styles.xml"))
