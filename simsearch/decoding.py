"""Bytes to text: a byte order mark, else UTF-8, else the encoding that the file itself declares."""

from __future__ import annotations

import codecs
import re

from simsearch.errors import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# PEP 263 cookies, HTML's <meta charset>, the XML declaration.
_DECLARED = re.compile(rb"""(?:coding|charset|encoding)\s*[:=]\s*["']?([-\w.]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 2048


def decode(content: bytes) -> str:
    """The text of a file.

    Raises:
        UnreadableFile: It has NUL bytes, or is neither UTF-8 nor in an encoding that it names.
    """
    try:
        return decode_unicode(content)
    except UnreadableFile:
        if b"\0" in content or content.startswith(tuple(mark for mark, _ in _MARKS)):
            raise
        return _decoded(content, _declared(content))


def decode_unicode(content: bytes) -> str:
    """The text of a file that is UTF-8, or begins with a byte order mark.

    Raises:
        UnreadableFile: It has NUL bytes, or is in another encoding.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\0" in content:
        raise UnreadableFile("binary")
    return _decoded(content, "utf-8")


def _declared(content: bytes) -> str:
    found = _DECLARED.search(content[:_DECLARED_WITHIN])
    return found[1].decode("ascii", "replace") if found else "utf-8"


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return str(content, encoding)
    except (UnicodeError, LookupError):
        raise UnreadableFile("not UTF-8 text") from None
