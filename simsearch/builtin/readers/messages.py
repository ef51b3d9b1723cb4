"""An e-mail message to a document: every text in it in the order in which mail programs show it."""

from __future__ import annotations

import contextlib
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from pathlib import PurePath
from typing import Any

from simsearch import Document, Heading, UnreadableFile
from simsearch.builtin.readers.calendars import calendar_text, contacts_text
from simsearch.builtin.readers.html import html_document
from simsearch.decoding import Decoded, decode_with_notices

HEADERS = (
    "from", "to", "cc", "bcc", "reply-to", "organization", "newsgroups", "keywords", "comments", "x-gmail-labels",
)  # fmt: skip
"""What the header of a message says in words, besides its subject."""

TEXT_ENDINGS = (
    ".txt", ".md", ".csv", ".tsv", ".log", ".json", ".xml", ".rst", ".org", ".tex", ".yaml", ".yml", ".ini", ".diff",
    ".patch", ".html", ".htm", ".ics", ".vcf",
)  # fmt: skip
"""Attachments that are text, whatever type the message gives them."""

TEXT_KINDS = ("text", "message", "multipart")
TEXT_TYPES = ("application/json", "application/xml", "application/xhtml+xml")
"""Types of text; a part of several whose border is not in it is read as one."""

SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
REPORTS = ("message/delivery-status", "message/disposition-notification")
"""Parts whose text is in their headers."""

ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
OTHER = 0.5
"""Share of words that only one alternative has; with more it is another text, not another form of the same."""

GAP = "\n\n"
_BASE64_LINES = re.compile(r"(?:[A-Za-z0-9+/=]*[ \t]*(?:\r?\n|\Z))*")
_WORD = re.compile(r"\w+")
_BROKEN = (RecursionError, LookupError, ValueError, TypeError, AttributeError, AssertionError)


def parse_message(content: bytes) -> EmailMessage:
    """A message of the bytes that were sent.

    Raises:
        UnreadableFile: It is too broken to parse.
    """
    try:
        message = message_from_bytes(content.lstrip(b"\xef\xbb\xbf\r\n"), policy=policy.default)
    except _BROKEN as error:
        raise _broken(error) from error
    assert isinstance(message, EmailMessage)
    return message


def read_parsed_message(message: MIMEPart) -> Document:
    """The texts of a message and of messages within it, its subject as title.

    Raises:
        UnreadableFile: It is too broken to read.
    """
    try:
        return _Texts(message).document()
    except _BROKEN as error:  # the parser of the standard library is lenient, but not about everything
        raise _broken(error) from error


def part_text(part: MIMEPart) -> Decoded:
    """The text of a part as it is written there, with a notice if its encoding was guessed."""
    content = _payload(part)
    try:
        text, notices = decode_with_notices(content, declared=part.get_content_charset() or "")
    except UnreadableFile as error:
        return Decoded("", (f"a text part was not read: {error}",))
    if part.get_param("delsp") == "yes":
        text = re.sub(" \r?\n", "", text)
    return Decoded(text.replace("\r\n", "\n"), notices)


class _Texts:
    """Collects the texts of one message.

    Args:
        message: The outermost one.
    """

    def __init__(self, message: MIMEPart) -> None:
        self._message = message
        self._text = ""
        self._headings: list[Heading] = []
        self._attached: list[str] = []
        self._unread: list[str] = []
        self._notices: dict[str, None] = {}

    def document(self) -> Document:
        for text in self._texts_of(self._message):
            self._add(text)
        metadata = _metadata(self._message)
        people = [f"{name.title()}: {metadata[name]}" for name in HEADERS if name in metadata]
        if self._attached:
            metadata["attachments"] = self._attached
            people.append(f"Attachments: {', '.join(self._attached)}")
        if self._headings and people:  # they belong to no attachment
            self._headings.append(Heading(len(self._text) + len(GAP), 1, ""))
        self._add("\n".join(people))
        if self._unread:
            self._notices[f"attachments not read: {', '.join(self._unread)}"] = None
        return Document(
            self._text,
            title=_header(self._message, "subject"),
            headings=tuple(self._headings),
            metadata=metadata,
            notices=tuple(self._notices),
        )

    def _add(self, text: str, title: str = "") -> None:
        text = text.strip("\n")
        if not text.strip() and not title:
            return
        self._text += GAP if self._text else ""
        if title:
            self._headings.append(Heading(len(self._text), 1, title))
        self._text += f"{title}{GAP}{text}".strip("\n") if title else text

    def _texts_of(self, part: MIMEPart) -> Iterator[str]:
        kind = part.get_content_type()
        name = _file_name(part)
        if name:
            self._attached.append(name)
        if kind in ENCRYPTED:
            form = "encrypted" if kind == "multipart/encrypted" else "S/MIME"
            self._notices[f"an {form} part was not read"] = None
        elif kind in REPORTS and part.is_multipart():
            yield GAP.join(_all_headers(inner) for inner in part.iter_parts())
        elif part.get_content_maintype() == "message" and part.is_multipart():
            for inner in part.iter_parts():
                self._add_forwarded(inner)
        elif kind == "multipart/alternative":
            yield self._alternatives(part)
        elif part.is_multipart():
            for inner in part.iter_parts():
                yield from self._texts_of(inner)
        else:
            yield from self._single(part, kind, name)

    def _add_forwarded(self, message: MIMEPart) -> None:
        metadata = _metadata(message)
        subject = _header(message, "subject")
        about = [f"{key.title()}: {metadata[key]}" for key in (*HEADERS, "date") if key in metadata]
        if subject or about:
            self._add("\n".join(about), subject or "(no subject)")
        for text in self._texts_of(message):
            self._add(text)

    def _single(self, part: MIMEPart, kind: str, name: str) -> Iterator[str]:
        ending = PurePath(name).suffix.lower()
        if ending in (".eml", ".mht") or (kind == "message/rfc822" and not part.is_multipart()):
            self._add_forwarded(parse_message(_payload(part)))
        elif "rtf" not in kind and (
            part.get_content_maintype() in TEXT_KINDS or kind in TEXT_TYPES or ending in TEXT_ENDINGS
        ):
            text = self._readable(part, kind, ending)
            if part.get_content_disposition() == "attachment" and name and text.strip():
                self._add(text, name)
            else:
                yield text
        elif kind not in SIGNATURES and part.get_content_maintype() not in (
            "image",
            "audio",
            "video",
            "font",
        ):
            self._unread.append(name or kind)

    def _readable(self, part: MIMEPart, kind: str, ending: str) -> str:
        """A text as people read it."""
        text, notices = part_text(part)
        self._notices.update(dict.fromkeys(notices))
        read = _reader_of(kind, ending)
        try:
            return read(text) if read else text
        except UnreadableFile as error:
            self._notices[f"a part was indexed as it is written: {error}"] = None
            return text

    def _alternatives(self, part: MIMEPart) -> str:
        """The first alternative, and of each other one what those before it don't say."""
        kept: list[str] = []
        for inner in part.iter_parts():
            text = GAP.join(filter(None, self._texts_of(inner))).strip("\n")
            known, words = _words(GAP.join(kept)), _words(text)
            if len(words - known) <= OTHER * len(words):
                text = "\n".join(line for line in text.splitlines() if not _words(line) <= known)
            kept = [*(before for before in kept if not _words(before) <= _words(text)), text]
        return GAP.join(filter(str.strip, kept))


def _reader_of(kind: str, ending: str) -> Callable[[str], str] | None:
    if kind in ("text/html", "application/xhtml+xml") or ending in (".html", ".htm"):
        return lambda text: html_document(text).text
    if kind == "text/calendar" or ending == ".ics":
        return calendar_text
    if kind in ("text/vcard", "text/x-vcard", "text/directory") or ending == ".vcf":
        return contacts_text
    return None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _payload(part: MIMEPart) -> bytes:
    """A part's content, decoded; what is not base64 although it should be, such as a list's footer, as it is."""
    if _is_in_base64(part) and isinstance(part.get_payload(), str):
        written = str(part.get_payload())
        encoded = _BASE64_LINES.match(written)
        end = encoded.end() if encoded else 0
        return _from_base64(written[:end]) + written[end:].encode("utf-8", "surrogateescape")
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_in_base64(part: MIMEPart) -> bool:
    return str(part.get("content-transfer-encoding", "")).strip().lower() == "base64"


def _from_base64(written: str) -> bytes:
    """The bytes of all runs up to a padding, as far as they are complete."""
    runs = filter(None, "".join(written.split()).split("="))
    whole = (run[: len(run) - (len(run) % 4 == 1)] for run in runs)
    return b"".join(b64decode(run + "=" * (-len(run) % 4)) for run in whole)


def _file_name(part: MIMEPart) -> str:
    try:
        return _decode_words(part.get_filename() or "")
    except _BROKEN:
        return ""


def _metadata(message: MIMEPart) -> dict[str, Any]:
    found: dict[str, Any] = {name: value for name in HEADERS if (value := _header(message, name))}
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        found["date"] = parsedate_to_datetime(_header(message, "date")).isoformat()
    return found


def _header(message: MIMEPart, name: str) -> str:
    """A header's text on one line; bytes beyond ASCII, which should be encoded, are decoded by a guess."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
    return _decode_words(str(raw))


def _all_headers(message: MIMEPart) -> str:
    return "\n".join(f"{name}: {_decode_words(str(value))}" for name, value in message.raw_items())


def _decode_words(raw: str) -> str:
    content = raw.encode("utf-8", "surrogateescape")
    text = " ".join((raw if raw.isascii() else _guessed(content)).split())
    try:
        pieces = decode_header(text) if "=?" in text else [(text, None)]
        text = "".join(p if isinstance(p, str) else _guessed(p, charset or "") for p, charset in pieces)
    except _BROKEN:
        pass  # it is shown as it is written
    return " ".join(text.split())


def _guessed(content: bytes, declared: str = "") -> str:
    try:
        return decode_with_notices(content, declared=declared).text
    except UnreadableFile:
        return content.decode("ascii", "replace")


def _broken(error: BaseException) -> UnreadableFile:
    return UnreadableFile(f"broken e-mail: {type(error).__name__}")
