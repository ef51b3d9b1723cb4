"""Files of e-mail: single messages (.eml, .emlx, Maildir), mailboxes (.mbox), and saved web pages (.mhtml)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from email.message import MIMEPart
from pathlib import Path

from simsearch import Document, UnreadableFile
from simsearch.builtin.readers.html import html_document
from simsearch.builtin.readers.messages import parse_message, part_text, read_parsed_message
from simsearch.decoding import decode_with_notices

_LINE = re.compile(rb"^From .*\r?\n", re.MULTILINE)
_POSTMARK = re.compile(rb"From (?:\S.*)?\d{1,2}:\d\d(?::\d\d)?\b.*\d{4}")
"""`From someone Mon May  6 07:08:09 2024`: a time and a year, which a sentence rarely has."""

_HEADER = re.compile(rb"[!-9;-~]+:[ \t]?|>From ")
_MAIL_HEADER = re.compile(
    rb"(?:From|To|Cc|Subject|Date|Message-ID|Received|Return-Path|Delivered-To|Reply-To|MIME-Version|Content-Type"
    rb"|Status|X-[\w-]+):",
    re.IGNORECASE,
)
_NOT_SHOWN = b"\xef\xbb\xbf \t\r\n"
"""A byte order mark and blanks, which may be above the first message."""

_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_message(path: Path, content: bytes) -> Iterator[Document]:
    """One message."""
    yield read_parsed_message(parse_message(content))


def read_apple_message(path: Path, content: bytes) -> Iterator[Document]:
    """A message of Apple Mail: its length on a line, the message, and a property list about it."""
    length, _, rest = content.partition(b"\n")
    message = rest[: int(length)] if length.strip().isdigit() else content
    yield read_parsed_message(parse_message(message))


def read_mailbox(path: Path, content: bytes) -> Iterator[Document]:
    """Every message of a mailbox; what was not read of them is said once, of the first."""
    documents = [
        _message_of_mailbox(_QUOTED.sub(rb"\1", message), f"#message={number}")
        for number, message in enumerate(_messages(content.lstrip(_NOT_SHOWN)), 1)
    ]
    counts = Counter(notice for document in documents for notice in document.notices)
    notices = [notice if count == 1 else f"{notice} ({count} messages)" for notice, count in counts.items()]
    for place, document in enumerate(documents):
        yield replace(document, notices=tuple(notices) if place == 0 else ())


def read_web_archive(path: Path, content: bytes) -> Iterator[Document]:
    """The pages of a web archive, as browsers save them: a message whose parts are a page and what it shows."""
    message = parse_message(content)
    pages = [
        part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")
    ]
    if not pages:
        yield read_parsed_message(message)
    for number, part in enumerate(pages):
        document = _page(part)
        if number == 0 or document.text.strip():
            yield replace(document, id=f"#page={number + 1}" if number else "")


def _page(part: MIMEPart) -> Document:
    decoded = part_text(part)
    document = html_document(decoded.text)
    location = " ".join(str(part["content-location"] or "").split())
    about = {"url": location} if location else {}
    return replace(document, metadata={**document.metadata, **about}, notices=decoded.notices)


def _messages(content: bytes) -> Iterator[bytes]:
    """What is below each line that begins a message; what is above the first one is a message, too.

    Raises:
        UnreadableFile: There is text, but no such line.
    """
    lines = [found for found in _LINE.finditer(content) if _begins_message(content, found)]
    if content and not lines:
        raise UnreadableFile("not a mailbox: no line starts with 'From '")
    if lines and lines[0].start():
        yield content[: lines[0].start()]
    ends = [*(found.start() for found in lines), len(content)][1:]
    for line, end in zip(lines, ends, strict=True):
        yield content[line.end() : end]


def _begins_message(content: bytes, line: re.Match[bytes]) -> bool:
    """Whether a line that starts with `From ` begins a message: it stands after an empty line, and is a postmark
    above a header, or any line above a header that mail has."""
    start = line.start()
    if start and not content[max(start - 4, 0) : start].endswith((b"\n\n", b"\r\n\r\n")):
        return False
    header = _HEADER if _POSTMARK.match(line[0]) else _MAIL_HEADER
    return start == 0 or header.match(content, line.end()) is not None


def _message_of_mailbox(content: bytes, id: str) -> Document:
    """A message; one that can't be parsed doesn't cost the others."""
    try:
        return replace(read_parsed_message(parse_message(content)), id=id)
    except UnreadableFile as error:
        text, notices = decode_with_notices(content.replace(b"\0", b""))
        return Document(text, id, notices=(f"{error}; its source is indexed", *notices))
