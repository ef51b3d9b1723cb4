"""Outlook messages (.msg): a message is a document, with its texts and those of messages within it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from simsearch import Document
from simsearch_office.flow import Block, Flow, one_line
from simsearch_office.word.imports import page_text

_TEXT_ENDINGS = (".txt", ".text", ".md", ".csv", ".log")
_PACKED_RTF = 0x1009


def msg_document(container: Any, content: bytes) -> Iterator[Document]:
    """The subject as title, then the body, then attached texts."""
    from oxmsg import Message

    message = Message.load(io.BytesIO(content))
    flow, notices = Flow(), list[str]()
    flow.add(map(Block, [_body(message)]))
    for attachment in message.attachments:
        flow.add(_attached(attachment, notices))
    recipients = [one_line(f"{r.name or ''} <{r.email_address or ''}>") for r in message.recipients]
    found = {
        "from": one_line(message.sender or ""),
        "to": ", ".join(recipients),
        "date": message.sent_date.isoformat() if message.sent_date else "",
    }
    metadata = {name: text for name, text in found.items() if text}
    title = one_line(message.subject or "")
    yield Document(flow.text or title, "", title, metadata=metadata, notices=tuple(notices))


def _body(message: Any) -> str:
    """The plain text, or else the page, or else the formatted text."""
    if plain := (message.body or "").strip():
        return str(plain).replace("\r\n", "\n")
    if page := message.html_body:
        return page_text(page)
    packed = message.properties.binary_prop_value(_PACKED_RTF)
    if not packed:
        return ""
    from pathlib import Path

    from simsearch_office.old.packed_rtf import unpack
    from simsearch_office.rtf import read_rtf

    return "\n\n".join(document.text for document in read_rtf(Path("body"), unpack(packed)))


def _attached(attachment: Any, notices: list[str]) -> Iterator[Block]:
    name = attachment.file_name or "without a name"
    yield Block(f"[{name}]")
    content = attachment.file_bytes
    if content and name.lower().endswith(_TEXT_ENDINGS):
        from simsearch.decoding import decode_with_notices

        text, guesses = decode_with_notices(content)
        notices += guesses
        yield Block(text)
    else:
        notices.append(f"an attached file was not read: {name}")
