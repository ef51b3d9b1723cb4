"""Which bytes of a Word stream were deleted, are headings, or end a table row ([MS-DOC], section 2.9)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_CHARACTERS, _PARAGRAPHS = 0x00FA, 0x0102
"""Where the header says which pages hold the properties."""
_PAGE = 512
_DELETED, _ROW_END, _IN_TABLE, _OUTLINE = 0x0800, 0x2417, 0x2416, 0x2640
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
"""Bytes of a property's value by the first three bits of its code; 0 if the value begins with its size."""
_LONG_SIZE = 0xD608
"""The property whose size has two bytes."""


class Paragraph(NamedTuple):
    """What is known of a paragraph; level 0 is not a heading."""

    level: int = 0
    in_table: bool = False
    ends_row: bool = False


class Marks:
    """Looks up properties by the offset of a character in the stream."""

    def __init__(self, main: bytes, table: bytes) -> None:
        deleted = [
            (start, end)
            for start, end, properties in _runs(main, table, _CHARACTERS)
            if any(code == _DELETED and value[:1] != b"\0" for code, value in _properties(properties[1:]))
        ]
        self._deleted = sorted(deleted)
        paragraphs = sorted(
            (start, end, _paragraph(properties)) for start, end, properties in _runs(main, table, _PARAGRAPHS)
        )
        self._paragraph_starts = [start for start, _, _ in paragraphs]
        self._paragraphs = paragraphs

    def is_deleted(self, offset: int) -> bool:
        """Whether the character there was deleted with tracked changes."""
        index = bisect_right(self._deleted, (offset, 1 << 62)) - 1
        return index >= 0 and offset < self._deleted[index][1]

    def paragraph(self, offset: int) -> Paragraph:
        """The paragraph that the character there belongs to."""
        index = bisect_right(self._paragraph_starts, offset) - 1
        if index < 0 or offset >= self._paragraphs[index][1]:
            return Paragraph()
        return self._paragraphs[index][2]


def _runs(main: bytes, table: bytes, where: int) -> Iterator[tuple[int, int, bytes]]:
    """Start, end and properties of each run of characters, or of each paragraph."""
    start, size = struct.unpack_from("<2I", main, where)
    count = (size - 4) // 8
    if count < 1:
        return
    for number in struct.unpack_from(f"<{count}I", table, start + 4 * (count + 1)):
        page = main[(number & 0x3FFFFF) * _PAGE :][:_PAGE]
        if len(page) == _PAGE:
            yield from _page_runs(page, paragraphs=where == _PARAGRAPHS)


def _page_runs(page: bytes, *, paragraphs: bool) -> Iterator[tuple[int, int, bytes]]:
    count = page[-1]
    if 4 * (count + 1) + count * (13 if paragraphs else 1) > _PAGE:
        return
    offsets = struct.unpack_from(f"<{count + 1}I", page)
    for index in range(count):
        place = 2 * page[4 * (count + 1) + index * (13 if paragraphs else 1)]
        yield offsets[index], offsets[index + 1], _stored(page, place, paragraphs) if place else b""


def _stored(page: bytes, place: int, paragraphs: bool) -> bytes:
    size = page[place]
    if not paragraphs:
        return page[place : place + 1 + size]
    if size:
        return page[place + 1 : place + 2 * size]
    return page[place + 2 : place + 2 + 2 * page[place + 1]] if place + 1 < _PAGE else b""


def _paragraph(stored: bytes) -> Paragraph:
    if len(stored) < 2:
        return Paragraph()
    style = struct.unpack_from("<H", stored)[0]
    found = dict(_properties(stored[2:]))
    outline = found.get(_OUTLINE, b"")
    level = style if 1 <= style <= 9 else outline[0] + 1 if outline and outline[0] < 9 else 0
    return Paragraph(level, _is_set(found, _IN_TABLE), _is_set(found, _ROW_END))


def _is_set(found: dict[int, bytes], code: int) -> bool:
    return found.get(code, b"\0")[:1] not in (b"\0", b"")


def _properties(stored: Sequence[int] | bytes) -> Iterator[tuple[int, bytes]]:
    """Codes and values."""
    stored, place = bytes(stored), 0
    while place + 2 < len(stored) + 1 and place + 2 <= len(stored):
        code = struct.unpack_from("<H", stored, place)[0]
        place += 2
        size = _SIZES[code >> 13]
        if code == _LONG_SIZE and place + 2 <= len(stored):
            size = struct.unpack_from("<H", stored, place)[0] + 1
        elif not size and place < len(stored):
            size = stored[place] + 1
        yield code, stored[place : place + max(size, 1)]
        place += max(size, 1)
