"""Word files from before 2007, by the specification [MS-DOC]: a stream of characters in pieces, and where they were
deleted or belong to a heading or a table row.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simsearch import Document, UnreadableFile
from simsearch_office.flow import Block, Flow
from simsearch_office.old.container import embedded, title_and_metadata
from simsearch_office.old.marks import Marks
from simsearch_office.old.paragraphs import blocks

_STORIES = ("body", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header boxes")
_LENGTHS = 0x4C
"""Where the header has the number of characters of each story."""
_PIECES = 0x01A2
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_COMPRESSED = 0x40000000


def doc_document(container: Any, content: bytes) -> Iterator[Document]:
    """The body, then notes, comments, boxes and page headers.

    Raises:
        UnreadableFile: It is encrypted, or older than Word 97.
    """
    main = container.openstream("WordDocument").read()
    magic, flags = struct.unpack_from("<H", main)[0], struct.unpack_from("<H", main, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise UnreadableFile("needs a password")
    if magic != 0xA5EC:
        raise UnreadableFile("a Word file from before 1997 (.doc): save it as .docx")
    table = container.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
    stories = _stories(main, table)
    flow = Flow()
    flow.add(stories["body"])
    flow.end_sections()
    for name in _STORIES[1:]:
        flow.add_once(Block(block.text) for block in stories[name] if name != "macros")
    title, metadata = title_and_metadata(container)
    headings = flow.headings
    title = title or next((heading.text for heading in headings if heading.text), "")
    notices = (*(() if flow.text else ("no text in it",)), *embedded(container))
    yield Document(flow.text, "", title, headings, metadata, notices=notices)


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that are stored one after the other.

    Args:
        start: The number of the first in the document.
        length: How many.
        offset: Where they are in the stream.
        width: Bytes of each.
    """

    start: int
    length: int
    offset: int
    width: int


def _stories(main: bytes, table: bytes) -> dict[str, list[Block]]:
    marks = Marks(main, table)
    characters: list[str] = []
    places: list[int] = []
    for piece in _pieces(main, table):
        encoding = "cp1252" if piece.width == 1 else "utf-16-le"
        stored = main[piece.offset : piece.offset + piece.length * piece.width]
        # One character each, so that their places are known; halves of pairs are put together later.
        text = stored.decode(encoding, "replace") if piece.width == 1 else _units(stored)
        characters += text
        places += range(piece.offset, piece.offset + len(text) * piece.width, piece.width)
    found, start = {}, 0
    for name, length in zip(_STORIES, struct.unpack_from("<8i", main, _LENGTHS), strict=True):
        end = start + max(length, 0)
        found[name] = list(blocks(characters[start:end], places[start:end], marks))
        start = end
    return found


def _units(stored: bytes) -> str:
    return "".join(map(chr, struct.unpack(f"<{len(stored) // 2}H", stored[: len(stored) // 2 * 2])))


def _pieces(main: bytes, table: bytes) -> Iterator[Piece]:
    start, size = struct.unpack_from("<2I", main, _PIECES)
    position, end = start, start + size
    while position < end and table[position] == 1:  # changes of format
        position += 3 + struct.unpack_from("<H", table, position + 1)[0]
    count = (struct.unpack_from("<I", table, position + 1)[0] - 4) // 12
    position += 5
    numbers = struct.unpack_from(f"<{count + 1}I", table, position)
    for index in range(count):
        stored = struct.unpack_from("<I", table, position + 4 * (count + 1) + 8 * index + 2)[0]
        narrow = bool(stored & _COMPRESSED)
        offset = stored & ~_COMPRESSED
        length = numbers[index + 1] - numbers[index]
        if length > 0:
            yield Piece(numbers[index], length, offset // 2 if narrow else offset, 1 if narrow else 2)
