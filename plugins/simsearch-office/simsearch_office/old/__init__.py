"""Files from before 2007 (.doc, .xls, .ppt) and Outlook messages (.msg), which are compound files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from simsearch import Document, UnreadableFile
from simsearch_office.ooxml.packages import OLE, reasons

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
        yield _disguised(content)
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


def _disguised(content: bytes) -> Document:
    """A page or plain text under a name such as report.xls, as many programs write them."""
    from simsearch.decoding import decode_with_notices
    from simsearch_office.word.imports import page_text

    with reasons("broken file in a format from before 2007"):
        if b"\0" in content[:8192] or not content.strip():
            raise UnreadableFile("broken file in a format from before 2007")
        text, notices = decode_with_notices(content)
        is_page = "<html" in text[:2000].lower() or "<table" in text[:2000].lower()
        what = "an HTML page" if is_page else "plain text"
        return Document(
            page_text(text) if is_page else text,
            notices=(f"its content does not match its name: read as {what}", *notices),
        )
