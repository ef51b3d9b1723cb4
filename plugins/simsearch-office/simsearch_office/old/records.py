"""Old Excel files ([MS-XLS]): boxes, words of charts, page headers, and formulas, which xlrd does not read."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from simsearch_office.sheets.page_edges import page_edge

_BEGIN, _END = 0x0809, 0x000A
_HEADER, _FOOTER, _CHART_TEXT, _BOX, _CONTINUE = 0x0014, 0x0015, 0x100D, 0x01B6, 0x003C
_WORKSHEET = 0x0010
_FORMULAS = (0x0006, 0x0206, 0x0406)
_NO_RESULT = b"\x03"
_CALCULATED = 0x01C1
"""RecalcId: which version of a program calculated the formulas."""


def sheet_words(stream: bytes) -> list[list[str]]:
    """The words of each worksheet, in order of the file."""
    sheets: list[list[str]] = []
    depth, previous, in_sheet = 0, 0, False
    for kind, content in _records(stream):
        if kind == _BEGIN:
            if depth == 0 and len(content) >= 4:
                in_sheet = struct.unpack_from("<H", content, 2)[0] == _WORKSHEET
                sheets += [[]] if in_sheet else []
            depth += 1
        elif kind == _END:
            depth = max(depth - 1, 0)
        elif in_sheet and sheets:
            sheets[-1] += filter(None, [_words(kind, content, previous)])
        previous = kind
    return sheets


def count_without_result(stream: bytes) -> int:
    """How many formulas have no stored result; where a spreadsheet program calculated them, the result is empty."""
    records = list(_records(stream))
    if any(kind == _CALCULATED for kind, _ in records):
        return 0
    return sum(
        kind in _FORMULAS and content[12:14] == b"\xff\xff" and content[6:7] == _NO_RESULT
        for kind, content in records
    )


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _words(kind: int, content: bytes, previous: int) -> str:
    if kind in (_HEADER, _FOOTER):
        return page_edge(_text(content[2:], content[:2]))
    if kind == _CHART_TEXT and len(content) > 3:
        return _text(content[3:], bytes([content[2], 0]))
    # The first record that continues a box has its text.
    return _text(content, None) if kind == _CONTINUE and previous == _BOX else ""


def _text(content: bytes, length: bytes | None) -> str:
    """A flag that says how wide characters are, then the characters."""
    if not content:
        return ""
    width = 2 if content[0] & 1 else 1
    size = struct.unpack("<H", length)[0] * width if length and len(length) == 2 else len(content)
    return content[1 : 1 + size].decode("utf-16-le" if width == 2 else "latin-1", "replace").strip()
