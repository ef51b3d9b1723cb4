"""YAML and TOML: escapes in double quotes are what they stand for, and every line is where it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from simsearch import Document
from simsearch.builtin.readers.properties import join_surrogates
from simsearch.decoding import decode_with_notices

_QUOTED = r'(?P<quoted>(?:(?<=[\s:=\[{(,-])|^)(?:"""(?:[^"\\]|\\.|"(?!""))*+"""|"(?:[^"\\]|\\.)*+"))'
_COMMENT = r"(?:^|(?<=\s))#[^\n]*"
_LITERAL = r"(?:(?:[:,-]\s|[=,(\[{])\s*|^[ \t]*)"
_BLOCK = (
    r"^(?P<lead>[ ]*)(?P<dashes>(?:-[ ]+)*+)(?P<key>[^\n]*?:[ \t]+)?(?:[!&]\S+[ \t]+){0,2}"
    r"(?P<block>[|>])[-+\d]{0,2}[ \t]*(?:[ \t]#[^\n]*)?\r?\n"
)
_IN_YAML = re.compile(rf"{_BLOCK}|{_COMMENT}|{_LITERAL}'(?:[^']|'')*+'|{_QUOTED}", re.DOTALL | re.MULTILINE)
_IN_TOML = re.compile(
    rf"{_COMMENT}|{_LITERAL}(?:'''(?:[^']|'(?!''))*+'''|'[^'\n]*')|{_QUOTED}",
    re.DOTALL | re.MULTILINE,
)
"""Values in double quotes, and what is as it is written: comments, values in single quotes, blocks of lines."""

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(00[01][0-9a-fA-F]{5})|(.))", re.DOTALL)
_BLANKS = "ntrfbve0"
"""Letters whose escapes are control characters."""


def read_quoted_values(path: Path, content: bytes) -> Iterator[Document]:
    """The file with the escapes of its double-quoted values resolved."""
    source, notices = decode_with_notices(content)
    form = _IN_TOML if path.suffix.lower() == ".toml" else _IN_YAML
    text = "".join(_parts(source, form)) if "\\" in source else source
    yield Document(text, verbatim=True, notices=notices)


def _parts(source: str, form: re.Pattern[str]) -> Iterator[str]:
    done = 0
    while found := form.search(source, done):
        yield source[done : found.start()]
        done = _end_of_block(source, found) if found.lastgroup == "block" else found.end()
        part = source[found.start() : done]
        yield _resolved(part) if found.lastgroup == "quoted" else part
    yield source[done:]


def _end_of_block(source: str, found: re.Match[str]) -> int:
    """Where the lines end that are farther to the right than the key, or the dash, of a block."""
    dashes = found["dashes"] if found["key"] else found["dashes"].rstrip(" ")[:-1]
    right = len(found["lead"]) + len(dashes) + 1
    lines = re.compile(rf"(?:[ \t]*\r?\n|[ ]{{{right},}}[^\n]*(?:\n|\Z))*+").match(source, found.end())
    return lines.end() if lines else found.end()


def _resolved(quoted: str) -> str:
    return _ESCAPE.sub(_character, join_surrogates(quoted))


def _character(escape: re.Match[str]) -> str:
    code = next(filter(None, escape.groups()[:3]), "")
    if not code:
        return " " if escape[4] in _BLANKS else escape[4]
    character = chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else " "
    return character if character.isprintable() else " "
