"""YAML and TOML: escapes in double quotes are what they stand for, and every line is where it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from simsearch import Document
from simsearch.builtin.readers.properties import join_surrogates
from simsearch.decoding import decode_with_notices

_QUOTED = re.compile(
    r'(?:(?<=[\s:=\[{(,-])|^)(?:"""(?:[^"\\]|\\.|"(?!""))*+"""|"(?:[^"\\]|\\.)*+")', re.DOTALL | re.MULTILINE
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(00[01][0-9a-fA-F]{5})|(.))", re.DOTALL)
_BLANKS = "ntrfbve0"
"""Letters whose escapes are control characters."""


def read_quoted_values(path: Path, content: bytes) -> Iterator[Document]:
    """The file with the escapes of its double-quoted values resolved."""
    source, notices = decode_with_notices(content)
    text = source if "\\" not in source else _QUOTED.sub(lambda found: _resolved(found[0]), source)
    yield Document(text, verbatim=True, notices=notices)


def _resolved(quoted: str) -> str:
    return _ESCAPE.sub(_character, join_surrogates(quoted))


def _character(escape: re.Match[str]) -> str:
    code = next(filter(None, escape.groups()[:3]), "")
    if not code:
        return " " if escape[4] in _BLANKS else escape[4]
    character = chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else " "
    return character if character.isprintable() else " "
