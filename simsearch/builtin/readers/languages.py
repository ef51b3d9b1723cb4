"""The programming languages of source files, by the endings of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simsearch.types import Document

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


def is_code(document: Document) -> bool:
    """Whether a document is source code, by its metadata."""
    return document.metadata.get("language") in NAMES
