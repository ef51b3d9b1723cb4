"""E-mail: single messages (.eml) and mailboxes (.mbox), a message a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from simsearch import Document, UnreadableFile
from simsearch.builtin.readers.html import html_document

ADDRESSES = ("from", "to", "cc")
_START = re.compile(rb"^From .*\r?\n", re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_message(path: Path, content: bytes) -> Iterator[Document]:
    """One message."""
    yield _document(content, "")


def read_mailbox(path: Path, content: bytes) -> Iterator[Document]:
    """Every message of a mailbox; a line that starts with `From ` after a blank one begins the next."""
    starts = [found for found in _START.finditer(content) if _begins(content, found.start())]
    if not starts and content.strip():
        raise UnreadableFile("not a mailbox: no line starts with 'From '")
    ends = [*(found.start() for found in starts), len(content)][1:]
    for number, (found, end) in enumerate(zip(starts, ends, strict=True), 1):
        yield _document(_QUOTED.sub(rb"\1", content[found.end() : end]), f"#message={number}")


def _begins(content: bytes, start: int) -> bool:
    return start == 0 or content[max(start - 4, 0) : start].endswith((b"\n\n", b"\r\n\r\n"))


def _document(content: bytes, id: str) -> Document:
    try:
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        text = _text(message)
        title, metadata = _header(message, "subject"), _metadata(message)
    except UnreadableFile:
        raise
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as error:
        # The parser of the standard library is lenient, but not about everything.
        raise UnreadableFile(f"broken e-mail: {type(error).__name__}") from error
    return Document(text, id, title, (), metadata)


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = body.get_content()
    if not isinstance(content, str):
        return ""
    text = html_document(content).text if body.get_content_subtype() == "html" else content
    return text.replace("\r\n", "\n").strip("\n")


def _metadata(message: EmailMessage) -> dict[str, Any]:
    found: dict[str, Any] = {name: value for name in ADDRESSES if (value := _header(message, name))}
    date = message["date"]
    if date is not None and date.datetime is not None:
        found["date"] = date.datetime.isoformat()
    names = [name for part in message.iter_attachments() if (name := part.get_filename())]
    return {**found, "attachments": names} if names else found


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message[name] or "").split())
