"""Files from before 2007 (.doc, .xls, .ppt) and Outlook messages (.msg), which are compound files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from simsearch import Document, UnreadableFile
from simsearch.decoding import decode_with_notices
from simsearch.types import Reader
from simsearch_office.ooxml.packages import OLE, opened, reasons

NAMES = {
    "WordDocument": "Word",
    "Workbook": "Excel",
    "Book": "Excel",
    "PowerPoint Document": "PowerPoint",
    "__properties_version1.0": "Outlook",
}
"""What a compound file is, by one of its streams."""

_OTHERS = {
    "EncryptedPackage": "needs a password",
    "VisioDocument": "a Visio drawing (.vsd): save it as .pdf",
    "Quill": "a Publisher file (.pub): save it as .pdf",
}
"""Why other compound files can't be read, by one of their streams."""


def read_old(path: Path, content: bytes) -> Iterator[Document]:
    """The documents of whichever format it is, whatever the file is called.

    Raises:
        UnreadableFile: It is broken or encrypted, or in a format that can't be read.
    """
    if not content.startswith(OLE):
        yield from _misnamed(path, content)
        return
    with reasons("broken file in a format from before 2007"):
        import olefile

        container = olefile.OleFileIO(io.BytesIO(content))
    streams = {entry[0] for entry in container.listdir()}
    name = next((NAMES[stream] for stream in NAMES if stream in streams), None)
    if name is None:
        raise UnreadableFile(
            next((_OTHERS[s] for s in _OTHERS if s in streams), "a compound file of an unknown kind")
        )
    with reasons(f"broken {name} file"):
        documents = list(_reader(name)(container, content))
    yield from documents


def _reader(name: str) -> Callable[[Any, bytes], Iterator[Document]]:
    if name == "Word":
        from simsearch_office.old.doc import doc_document as read
    elif name == "Excel":
        from simsearch_office.old.xls import xls_documents as read
    elif name == "PowerPoint":
        from simsearch_office.old.ppt import ppt_documents as read
    else:
        from simsearch_office.old.msg import msg_document as read
    return read


def _misnamed(path: Path, content: bytes) -> Iterator[Document]:
    """What a file in another format holds, with a notice; many programs name theirs report.doc or report.xls."""
    read, what = _reader_of(content)
    documents = list(read(path, content))
    notice = f"its content does not match its name: read as {what}"
    for place, document in enumerate(documents):
        yield replace(document, notices=(notice, *document.notices)) if place == 0 else document


def _reader_of(content: bytes) -> tuple[Reader, str]:
    """What reads a file, by how it begins, and what it is.

    Raises:
        UnreadableFile: It is an archive without a document.
    """
    if content.lstrip().startswith(b"{\\rtf"):
        from simsearch_office.rtf import read_rtf as read

        return read, "an RTF file"
    if not content.startswith(b"PK"):
        is_page = re.search(rb"<(?:html|table)", content[:2000], re.IGNORECASE)
        return (_read_page, "an HTML page") if is_page else (_read_text, "plain text")
    if b"opendocument" in content[:100]:
        from simsearch_office.opendocument import read_opendocument as read

        return read, "an OpenDocument file"
    with opened(content, "Office") as package:
        return _reader_of_package(package.main().partition("/")[0])


def _reader_of_package(folder: str) -> tuple[Reader, str]:
    if folder == "word":
        from simsearch_office.word import read_word as read
    elif folder == "xl":
        from simsearch_office.sheets import read_sheets as read
    elif folder == "ppt":
        from simsearch_office.slides import read_slides as read
    else:
        raise UnreadableFile("an Office file of an unknown kind")
    return read, {"word": "a Word file", "xl": "an Excel file", "ppt": "a PowerPoint file"}[folder]


def _read_page(path: Path, content: bytes) -> Iterator[Document]:
    from simsearch_office.word.imports import page_text

    for document in _read_text(path, content):
        yield replace(document, text=page_text(document.text))


def _read_text(path: Path, content: bytes) -> Iterator[Document]:
    with reasons("broken file in a format from before 2007"):
        if b"\0" in content[:8192] or not content.strip():
            raise UnreadableFile("broken file in a format from before 2007")
        decoded = decode_with_notices(content)
    yield Document(decoded.text, notices=decoded.notices)
