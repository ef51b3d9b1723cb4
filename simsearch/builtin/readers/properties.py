"""Java's .properties files: escaped letters are letters, and every line is where it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from simsearch import Document
from simsearch.decoding import decode_with_notices

_CONTINUED = re.compile(r"(?<!\\)((?:\\\\)*)\\(\r?\n[ \t\f]*)")
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_CHARACTERS = {"n": " ", "t": " ", "r": " ", "f": " "}


def read_properties(path: Path, content: bytes) -> Iterator[Document]:
    """The file with its escapes resolved."""
    source, notices = decode_with_notices(content)
    yield Document(_resolved(_joined(source)), verbatim=True, notices=notices)


def _joined(source: str) -> str:
    """Values of several lines on their first, with as many lines below."""
    lines = []
    for line in re.split(r"(?<!\\)\n", source):
        breaks = len(_CONTINUED.findall(line))
        lines.append(_CONTINUED.sub(r"\1", line) + "\n" * breaks)
    return "\n".join(lines)


def join_surrogates(text: str) -> str:
    """A text with the characters that two escapes each stand for."""
    return _PAIR.sub(lambda found: _character(found[1], found[2]), text)


def _resolved(text: str) -> str:
    return _ESCAPE.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else _CHARACTERS.get(found[2], found[2]),
        join_surrogates(text),
    )


def _character(high: str, low: str) -> str:
    return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
