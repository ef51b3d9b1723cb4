"""Source code: the file as it is, its language, and for Python the definitions as headings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from simsearch import Document, Heading
from simsearch.builtin.decoding import decode
from simsearch.builtin.markup import line_starts

LANGUAGES = {
    ".py": "python", ".pyi": "python", ".pyw": "python",
    ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript",
    ".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "typescript",
    ".c": "c", ".h": "c", ".cc": "c++", ".cpp": "c++", ".cxx": "c++", ".hh": "c++", ".hpp": "c++",
    ".cs": "c#", ".java": "java", ".kt": "kotlin", ".kts": "kotlin", ".scala": "scala", ".groovy": "groovy",
    ".go": "go", ".rs": "rust", ".zig": "zig", ".swift": "swift", ".m": "objective-c", ".dart": "dart",
    ".rb": "ruby", ".php": "php", ".pl": "perl", ".pm": "perl", ".lua": "lua", ".tcl": "tcl",
    ".sh": "shell", ".bash": "shell", ".zsh": "shell", ".fish": "shell", ".ps1": "powershell",
    ".sql": "sql", ".r": "r", ".jl": "julia", ".f90": "fortran", ".pas": "pascal",
    ".hs": "haskell", ".ml": "ocaml", ".mli": "ocaml", ".fs": "f#", ".elm": "elm",
    ".ex": "elixir", ".exs": "elixir", ".erl": "erlang", ".clj": "clojure", ".el": "lisp", ".lisp": "lisp",
    ".css": "css", ".scss": "css", ".less": "css", ".proto": "protobuf", ".tf": "terraform", ".cmake": "cmake",
}  # fmt: skip
"""File name endings to what metadata calls the language."""

NAMES = frozenset(LANGUAGES.values())
LONGEST_PARSED = 2_000_000
"""Characters: a syntax tree takes some hundred times the memory of its text."""

_KINDS = {ast.ClassDef: "class", ast.FunctionDef: "def", ast.AsyncFunctionDef: "async def"}
_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def is_code(document: Document) -> bool:
    """Whether a document is source code, by its metadata."""
    return document.metadata.get("language") in NAMES


def read_code(path: Path, content: bytes) -> Iterator[Document]:
    """A file as it is."""
    language = LANGUAGES.get(path.suffix.lower(), "")
    text = decode(content)
    title, headings = _outline(text) if language == "python" else ("", ())
    yield Document(text, "", title, headings, {"language": language} if language else {}, verbatim=True)


def _outline(text: str) -> tuple[str, tuple[Heading, ...]]:
    """The first line of a module's docstring, and its definitions; nothing where Python can't parse it."""
    if len(text) > LONGEST_PARSED:
        return "", ()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", ()
    documentation = (ast.get_docstring(tree) or "").strip()
    starts = line_starts(text)
    return documentation.partition("\n")[0], tuple(_definitions(tree, 1, text, starts))


def _definitions(node: ast.AST, level: int, text: str, starts: list[int]) -> Iterator[Heading]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Definition):
            yield Heading(_start(child, text, starts), level, f"{_KINDS[type(child)]} {child.name}")
            yield from _definitions(child, level + 1, text, starts)
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _definitions(child, level, text, starts)


def _start(definition: _Definition, text: str, starts: list[int]) -> int:
    """The character at which the line of a definition starts, with the decorators and comments above it."""
    line = min(node.lineno for node in (definition, *definition.decorator_list)) - 1
    while line and text[starts[line - 1] : starts[line]].lstrip().startswith("#"):
        line -= 1
    return starts[line]
