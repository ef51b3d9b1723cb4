"""Bytes to text: by byte order mark, as UTF-8, by the encoding that the file declares, or by a reported guess."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from simsearch.errors import UnreadableFile
from simsearch.wording import counted

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
_SUPERSETS = {
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932",
    "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "x-euc-jp": "euc_jp", "iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8", "tis-620": "cp874", "big5": "big5hkscs",
}  # fmt: skip
"""What programs write that declare these encodings, as the WHATWG's encoding standard has it."""

_IN_ASCII = ("utf-7", "hz", "hz-gb-2312")
"""Encodings of mail whose bytes are all ASCII, so that they would pass as UTF-8."""

_WIDE = ("utf-16", "utf-32", "utf16", "utf32")
"""Encodings that are known by their byte order mark or their NUL bytes: without them the declaration is wrong."""

_SHIFTS = re.compile(rb"\x1b(?:\$[@BA]|\$\([CD]|\([BJI])")
"""Escape sequences of ISO-2022 encodings, whose bytes are all ASCII."""

GUESSED = "encoding guessed"
"""How every notice about a guess begins."""

FALLBACK = "Windows-1252"
_CONTROLS = bytes({*range(32)} - {*b"\b\t\n\f\r\x1b"})
FEW = 8
"""Bytes beyond ASCII; with fewer, and only few of all, statistics say less than that Windows-1252 is common."""

_EMPTY = {
    (1, 3): "utf-16-le", (0, 2): "utf-16-be",
    (2, 3): "utf-32-le", (1, 2, 3): "utf-32-le", (0, 1): "utf-32-be", (0, 1, 2): "utf-32-be",
}  # fmt: skip
"""Which bytes of four are often NUL."""

NEARLY = 0.95
"""Of the best confidence: Windows-1252 is the more common encoding, and is guessed with that much less."""

CANDIDATES = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "iso-8859-2", "iso-8859-5", "iso-8859-7", "koi8-r", "koi8-u", "cp437", "cp850", "cp852", "cp866",
    "mac-roman", "mac-cyrillic", "cp932", "shift_jis", "euc-jp", "gb18030", "big5", "cp949", "euc-kr",
)  # fmt: skip
"""Encodings that people's text files are in."""


class Decoded(NamedTuple):
    """A file's text, and what was guessed about it."""

    text: str
    notices: tuple[str, ...] = ()


def decode(content: bytes) -> str:
    """The text of a file; see `decode_with_notices`."""
    return decode_with_notices(content).text


def decode_with_notices(content: bytes, declared: str = "") -> Decoded:
    """The text of a file, with a notice if its encoding had to be guessed.

    Args:
        declared: The encoding that something outside of the file names, as the header of a mail does.

    Raises:
        UnreadableFile: It is binary, or text in no encoding that can be found.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _marked(content, encoding)
    if declared.lower() in _IN_ASCII and (text := _try_decoding(content, declared)) is not None:
        return Decoded(text)
    declared = "" if declared.lower().startswith(_WIDE) else declared
    declared = declared or _declared(content)
    if content.isascii() and _SHIFTS.search(content):
        return _shifted(content, declared)
    if b"\0" not in content:
        for encoding in ("utf-8", _SUPERSETS.get(declared.lower(), ""), declared):
            text = _try_decoding(content, encoding)
            if text is not None:
                return Decoded(text)
        if (repaired := _mostly_utf8(content)) is not None:
            return repaired
    return _guessed(content)


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


def is_binary(head: bytes) -> bool:
    """Whether a file's first bytes are not text in any encoding, UTF-16 and UTF-32 included."""
    return b"\0" in head and not head.startswith(tuple(mark for mark, _ in _MARKS)) and not _wide(head)


def _marked(content: bytes, encoding: str) -> Decoded:
    text = _try_decoding(content, encoding)
    if text is not None:
        return Decoded(text)
    if text := _leniently(content, encoding):
        return Decoded(text, (f"{GUESSED}: {encoding}, except for a few bytes",))
    raise UnreadableFile("not UTF-8 text")


def _declared(content: bytes) -> str:
    """The encoding that a text declares; empty if its own declaration would read differently in it, as in UTF-16."""
    found = _DECLARED.search(content[:_DECLARED_WITHIN])
    if found is None:
        return ""
    name, declaration = found[1].decode("ascii"), found[0].decode("ascii")
    return name if _try_decoding(found[0], _SUPERSETS.get(name.lower(), name)) == declaration else ""


def _decoded(content: bytes, encoding: str) -> str:
    text = _try_decoding(content, encoding)
    if text is None:
        raise UnreadableFile("not UTF-8 text")
    return text


def _try_decoding(content: bytes, encoding: str) -> str | None:
    try:
        return str(content, encoding) if encoding else None
    except (UnicodeError, LookupError):
        return None


def _shifted(content: bytes, declared: str) -> Decoded:
    """Text that may be in an ISO-2022 encoding: its bytes are ASCII, so that it would pass as UTF-8."""
    is_declared = declared.lower().startswith("iso-2022")
    for encoding in (declared if is_declared else "", "iso2022_jp_2", "iso2022_kr"):
        text = _try_decoding(content, encoding)
        if text is not None and not text.isascii():
            return Decoded(text, () if is_declared else (f"{GUESSED}: {encoding}",))
    return Decoded(str(content, "ascii"))


def _mostly_utf8(content: bytes) -> Decoded | None:
    """UTF-8 with some bytes that aren't, as in logs of several programs; those are read as Windows-1252."""
    text = content.decode("utf-8", "surrogateescape")
    wrong = [character for character in text if "\udc80" <= character <= "\udcff"]
    right = sum(character > "\x7f" for character in text) - len(wrong)
    if right < len(wrong):
        return None
    for character in set(wrong):
        byte = bytes([ord(character) - 0xDC00])
        text = text.replace(character, byte.decode(FALLBACK, "replace"))
    return Decoded(
        text, (f"{GUESSED}: UTF-8, except for {counted(len(wrong), 'byte', 'bytes')} read as Windows-1252",)
    )


def _guessed(content: bytes) -> Decoded:
    if b"\0" in content:
        encoding = _wide(content)
    elif len(content) - len(content.translate(None, _CONTROLS)) > len(content) // 50:
        encoding = ""
    else:
        encoding = guess_encoding(content)
    text = _try_decoding(content, encoding) or _leniently(content, encoding)
    if not text:
        raise UnreadableFile("binary" if b"\0" in content else "not text in a known encoding")
    return Decoded(text, (f"{GUESSED}: {encoding}",))


def guess_encoding(content: bytes) -> str:
    """The encoding that a text is probably in; empty if none fits.

    Args:
        content: No UTF-8, and no NUL bytes.
    """
    return _few(content) or _likely(content)


def _leniently(content: bytes, encoding: str) -> str:
    """Text in an encoding that all but a few of its bytes fit; else empty."""
    text = content.decode(encoding, "replace") if encoding else ""
    allowed = 1 + len(text) // 100 if len(text) > FEW else 0
    return text if text.count("\ufffd") <= allowed else ""


def _wide(content: bytes) -> str:
    """UTF-16 or UTF-32 without a byte order mark, by which bytes of four are often NUL; empty if it is neither."""
    columns = [content[place:4096:4] for place in range(4)]
    empty = [place for place, column in enumerate(columns) if column.count(0) > len(column) * 0.3]
    clean = all(0 not in column for place, column in enumerate(columns) if place not in empty)
    return _EMPTY.get(tuple(empty), "") if clean else ""


def _few(content: bytes) -> str:
    """Windows-1252, where a text has too few bytes beyond ASCII to tell more."""
    beyond = len(content) - len(content.translate(None, bytes(range(128, 256))))
    is_sparse = beyond <= FEW and beyond * 5 <= 2 * len(content)
    return FALLBACK if is_sparse and _try_decoding(content, FALLBACK) is not None else ""


def _likely(content: bytes) -> str:
    """The encoding that fits the text best by chardet's statistics; empty if none does."""
    import chardet

    found = chardet.detect_all(content, include_encodings=CANDIDATES, ignore_threshold=True)
    names = {one["encoding"]: one["confidence"] for one in found if one["encoding"]}
    best = max(names, key=names.__getitem__, default="")
    common = names.get(FALLBACK, 0.0)
    return FALLBACK if best and common >= NEARLY * names[best] else best
