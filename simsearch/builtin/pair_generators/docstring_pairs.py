"""Docstring → code."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence

from simsearch import FoundDocument, Pair
from simsearch.builtin.pair_generators.prose import shortened

_LINE_END = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")

Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def docstring_pairs(
    documents: Sequence[FoundDocument], words: int, shortest: int, longest: int
) -> Iterator[Pair]:
    """A pair for each function or class of the .py files that says what it is; nothing is executed."""
    for found in documents:
        if not found.path.lower().endswith((".py", ".pyi")):
            continue
        lines = _LINE_END.split(found.document.text)
        for defined in _defined(found.document.text):
            said = _first_paragraph(defined)
            code = _without_docstring(defined, lines)
            if len(said.split()) >= words and len(code) >= shortest:
                yield Pair(said, shortened(_pieces(code), longest), source=found.path)


def _defined(source: str) -> Iterator[Defined]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the code's own, such as for invalid escapes
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, Defined) and ast.get_docstring(node):
            yield node


def _first_paragraph(defined: Defined) -> str:
    return " ".join((ast.get_docstring(defined) or "").strip().split("\n\n")[0].split())


def _without_docstring(defined: Defined, lines: Sequence[str]) -> str:
    docstring = defined.body[0]
    before = lines[defined.lineno - 1 : docstring.lineno - 1]
    after = lines[docstring.end_lineno : defined.end_lineno]
    return textwrap.dedent("".join([*before, *after])) if any(map(_does_something, defined.body[1:])) else ""


def _does_something(statement: ast.stmt) -> bool:
    """False for what only holds a place: pass, `...`, raise NotImplementedError."""
    if isinstance(statement, ast.Raise):
        return "NotImplementedError" not in ast.dump(statement)
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not (constant or isinstance(statement, ast.Pass))


def _pieces(code: str) -> list[str]:
    """Lines, each with its white space evened: a model reads words."""
    return [" ".join(line.split()) for line in code.splitlines() if line.strip()]
