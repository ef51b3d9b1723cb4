"""Values that a program printed into a table: lists as Python, JSON, numpy or PostgreSQL write them, objects, bytes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from simsearch.tables.kinds import is_empty

_STRING = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_ITEM = rf"(?:{_STRING}|None|null|nan|NaN)"
_LIST_OF_TEXTS = re.compile(rf"\[\s*(?:{_ITEM}(?:\s*,\s*|\s+|(?=\s*\])))*\]", re.DOTALL)
_ARRAY = re.compile(r"\barray\((\[.*?\])(?:,\s*dtype=\w+)?\)", re.DOTALL)
_PRINTED = re.compile(r"\[.*\]|\{.*\}|\(\s*['\"].*\)|array\(\[.*\)|b(['\"]).*\1", re.DOTALL)


def is_printed(value: Any) -> bool:
    """Whether a cell is a value that was printed."""
    return isinstance(value, str) and parse_printed(value) is not None


def parse_printed(text: str) -> list[Any] | dict[str, Any] | None:
    """The items of a printed list, or a printed object; a text that was printed as bytes is a list of itself. None for
    any other text."""
    text = text.strip()
    if not _PRINTED.fullmatch(text):
        return None
    if _LIST_OF_TEXTS.fullmatch(text):  # also of numpy, which writes no commas
        return [ast.literal_eval(item) for item in re.findall(_STRING, text, re.DOTALL)]
    parsers: tuple[Callable[[str], Any], ...] = (json.loads, ast.literal_eval)
    for parse in parsers:
        try:
            value = parse(_ARRAY.sub(r"\1", text))
            if isinstance(value, set):  # in the order in which it is written
                value = ast.literal_eval(f"[{text[1:-1]}]")
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(value, bytes):
            return [value.decode("utf-8", "replace")]
        return _with_texts(value)
    return None


def _with_texts(value: Any) -> list[Any] | dict[str, Any] | None:
    """A list or an object, unless there are only numbers in it: those may be what was meant, as `[1, 2]` in code."""
    if not isinstance(value, list | tuple | dict):
        return None
    parts = value.values() if isinstance(value, dict) else value
    if not any(isinstance(part, str | list | dict) for part in parts):
        return None
    return value if isinstance(value, dict) else list(value)


def parse_column(values: Sequence[Any]) -> list[Any] | None:
    """The cells of a column with values in place of printed ones; None unless most of those that are not empty were
    printed."""
    parsed = [parse_printed(value) if isinstance(value, str) else None for value in values]
    there = sum(not is_empty(value) for value in values)
    if sum(value is not None for value in parsed) <= there / 2:
        return None
    return [was if value is None else value for was, value in zip(values, parsed, strict=True)]
