"""Source code: the file as it is, its language, and its definitions as headings: those of Python by its own parser,
those of other languages by the lines that open a block with a word that defines something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from simsearch import Document, Heading
from simsearch.builtin.readers.languages import LANGUAGES
from simsearch.builtin.readers.markup import line_starts
from simsearch.decoding import decode_with_notices

LONGEST_PARSED = 2_000_000
"""Characters; a syntax tree takes about a hundred times the memory of its text."""

_KINDS = {ast.ClassDef: "class", ast.FunctionDef: "def", ast.AsyncFunctionDef: "async def"}
_LINE = re.compile(r"^([ \t]*)([^\n]*)", re.MULTILINE)
_OPENING = re.compile(
    r"(?:[\w@]+(?:\([\w ]*\))?[ \t]+){0,4}?"
    r"(?:class|struct|interface|trait|impl|enum|union|type|record|object|protocol|extension|actor|namespace|module|mod|"
    r"func|fn|fun|function|def|defp|defmodule|defmacro|defun|defn|sub|proc|procedure|macro|contract|message|service)"
    r"\b[ \t]*\*?[ \t]*[\w(<:\"'$]"
)
"""Up to four modifiers (`pub(crate) async`, `export default`, `private static final`), the word, and a name."""

_COMMENT = re.compile(r"//|/\*|\*|#|--|;|@")
_CLOSING = re.compile(
    r"[)}\]{]|(?:end|fi|done|esac|else|elif|elsif|rescue|ensure|when|catch|finally)\b"
    r"|(?:public|private|protected)[ \t]*:"
)
_BELOW = re.compile(r"(?:\s*\n[ \t]*\{[ \t\r]*(?=\n))?\s*\n([ \t]*)(?=\S)")
_ENDS = " \t\r{:="
LONGEST_NAME = 120
_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def read_code(path: Path, content: bytes) -> Iterator[Document]:
    """A file as it is."""
    language = LANGUAGES.get(path.suffix.lower(), "")
    text, notices = decode_with_notices(content)
    title, headings = _outline(text) if language == "python" else ("", tuple(_openings(text)))
    about = {"language": language} if language else {}
    yield Document(text, "", title, headings, about, verbatim=True, notices=notices)


def _outline(text: str) -> tuple[str, tuple[Heading, ...]]:
    """The first line of a module's docstring, and its definitions; nothing where Python can't parse it."""
    if len(text) > LONGEST_PARSED:
        return "", ()
    try:
        tree = ast.parse(text)
        headings = tuple(_definitions(tree, 1, text, line_starts(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", ()
    documentation = (ast.get_docstring(tree) or "").strip()
    return documentation.partition("\n")[0], headings


def _openings(text: str) -> Iterator[Heading]:
    """Lines that define something, where what follows them is indented deeper, with the comments right above them;
    the level is that of the nesting. Where a definition has ended and none begins, a heading without words."""
    around: list[int] = []
    comment: int | None = None
    for line in _LINE.finditer(text):
        first, start = line[2], line.start(2)
        if not first or _COMMENT.match(first):
            comment = None if not first else start if comment is None else comment
            continue
        width = len(line[1].expandtabs(4))
        defines = _OPENING.match(first) and _width_below(text, line.end()) > width
        if defines or (around and width <= around[-1] and not _CLOSING.match(first)):
            while around and around[-1] >= width:
                around.pop()
            words = first.rstrip(_ENDS)[:LONGEST_NAME] if defines else ""
            yield Heading(start if comment is None else comment, len(around) + 1, words)
            if defines:
                around.append(width)
        comment = None


def _width_below(text: str, end: int) -> int:
    """How far the first line after a place is indented that is neither blank nor an opening brace alone."""
    below = _BELOW.match(text, end)
    return len(below[1].expandtabs(4)) if below else -1


def _definitions(node: ast.AST, level: int, text: str, starts: list[int]) -> Iterator[Heading]:
    ended = False
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Definition):
            yield Heading(_start(child, text, starts), level, f"{_KINDS[type(child)]} {child.name}")
            yield from _definitions(child, level + 1, text, starts)
            ended = True
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            if ended and isinstance(child, ast.stmt):
                yield Heading(_start(child, text, starts), level, "")
            inside = list(_definitions(child, level, text, starts))
            yield from inside
            ended = bool(inside)


def _start(node: ast.stmt, text: str, starts: list[int]) -> int:
    """The character at which a statement starts, with the decorators and comments above it."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    line = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while line and text[starts[line - 1] : starts[line]].lstrip().startswith("#"):
        line -= 1
    indented = text[starts[line] : starts[line + 1]]
    return starts[line + 1] - len(indented.lstrip())
