"""Compressed RTF in Outlook messages ([MS-OXRTFCP]): literals, and references into a window of 4096 bytes."""

from __future__ import annotations

import struct

from simsearch import UnreadableFile

_WINDOW = 4096
_FIRST = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What the window holds at the beginning."""
_PACKED, _STORED = b"LZFu", b"MELA"


def unpack(content: bytes) -> bytes:
    """The RTF file.

    Raises:
        UnreadableFile: It is broken.
    """
    if len(content) < 16 or content[8:12] not in (_PACKED, _STORED):
        raise UnreadableFile("broken formatted text")
    size = struct.unpack_from("<I", content, 4)[0]
    return content[16 : 16 + size] if content[8:12] == _STORED else _unpacked(content[16:], size)


def _unpacked(packed: bytes, size: int) -> bytes:
    window = bytearray(_FIRST.ljust(_WINDOW, b"\0"))
    write, place, found = len(_FIRST), 0, bytearray()
    while place < len(packed) and len(found) < size:
        control, place = packed[place], place + 1
        for bit in range(8):
            if place >= len(packed):
                break
            if control >> bit & 1:
                if place + 2 > len(packed):
                    break
                offset, length = divmod(struct.unpack_from(">H", packed, place)[0], 16)
                place += 2
                if offset == write:  # the end
                    return bytes(found[:size])
                run = [(offset + i) % _WINDOW for i in range(length + 2)]
            else:
                run = [-1]
            for source in run:
                byte = packed[place] if source < 0 else window[source]
                window[write] = byte
                write = (write + 1) % _WINDOW
                found.append(byte)
            place += run == [-1]
    return bytes(found[:size])
