"""Compound files ([MS-CFB]), as Outlook and old office programs write them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

SECTOR, SMALL, SMALLEST = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
FOLDER, STREAM, ROOT = 1, 2, 5


@dataclass
class Chain:
    """Sectors of one size, and which follows which."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def store(self, content: bytes) -> int:
        """Append contents, and return the first sector."""
        start, count = len(self.table), max(-(-len(content) // self.size), 1)
        self.content += content.ljust(count * self.size, b"\0")
        self.table += [*range(start + 1, start + count), END]
        return start


@dataclass
class Entry:
    """A folder or stream in the directory."""

    name: str
    kind: int
    content: bytes = b""
    sibling: int = FREE
    child: int = FREE


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A file with these streams; folders are written as in `folder/stream`."""
    entries = _entries(streams)
    large, small = Chain(SECTOR), Chain(SMALL)
    starts = [
        (large if len(entry.content) >= SMALLEST else small).store(entry.content)
        if entry.kind == STREAM
        else 0
        for entry in entries
    ]
    entries[0].content, starts[0] = bytes(small.content), large.store(bytes(small.content))
    small_table = large.store(_numbers(small.table))
    directory = b"".join(_packed(entry, start) for entry, start in zip(entries, starts, strict=True))
    first = large.store(directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0"))
    count = next(n for n in range(1, 100) if n * SECTOR // 4 >= len(large.table) + n)
    places = range(len(large.table), len(large.table) + count)
    head = struct.pack("<8s16x5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    small_count = -(-len(small.table) * 4 // SECTOR)
    head += struct.pack("<9I", 0, count, first, 0, SMALLEST, small_table, small_count, END, 0)
    head += struct.pack(f"<{count}I", *places)
    return head.ljust(SECTOR, b"\xff") + bytes(large.content) + _numbers(large.table + [FAT] * count)


def _numbers(numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers).ljust(-(-len(numbers) * 4 // SECTOR) * SECTOR, b"\xff")


def _entries(streams: Mapping[str, bytes]) -> list[Entry]:
    """The root first; each folder points to its first child, and each child to the next one."""
    entries, places, last = [Entry("Root Entry", ROOT)], {"": 0}, dict[str, int]()
    for path, content in streams.items():
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            name, parent = "/".join(parts[:depth]), "/".join(parts[: depth - 1])
            if name in places:
                continue
            places[name] = len(entries)
            if parent in last:
                entries[last[parent]].sibling = len(entries)
            else:
                entries[places[parent]].child = len(entries)
            last[parent] = len(entries)
            is_stream = depth == len(parts)
            entries.append(Entry(parts[-1 if is_stream else depth - 1], STREAM if is_stream else FOLDER))
        entries[places[path]].content = content
    return entries


def _packed(entry: Entry, start: int) -> bytes:
    name = entry.name.encode("utf-16-le")
    links = (FREE, entry.sibling, entry.child)
    return struct.pack(
        "<64sHBB3I36xIQ", name, len(name) + 2, entry.kind, 1, *links, start, len(entry.content)
    )
