"""Excel files (.xlsx): a sheet is a document, with its cells as they are displayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from simsearch import Document
from simsearch_office.old import read_old
from simsearch_office.ooxml.packages import OLE, opened
from simsearch_office.sheets.workbook import Workbook


def read_sheets(path: Path, content: bytes) -> Iterator[Document]:
    """The sheets that have text, hidden ones too: cells first, then comments, drawings and the printed page's edges.

    Raises:
        UnreadableFile: It is broken or encrypted.
    """
    if content.startswith(OLE):  # encrypted, or an older file under a newer name
        yield from read_old(path, content)
        return
    with opened(content, "Excel") as package:
        workbook = Workbook(package)
        documents = [document for document in workbook.documents() if document.text]
        notices = tuple(package.notices)
    if not documents:
        documents, notices = (
            [Document("", title=workbook.title, metadata=workbook.metadata)],
            (notices or ("no text in it",)),
        )
    yield replace(documents[0], notices=notices)
    yield from documents[1:]
