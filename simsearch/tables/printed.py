"""Lists that were printed into a table: `['one', 'two']` (Python), `["one", "two"]` (JSON), `['one' 'two']` (numpy)."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from typing import Any

from simsearch.tables.kinds import is_empty

_STRING = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_ITEM = rf"(?:{_STRING}|None|null|nan|NaN)"
_LIST_OF_TEXTS = re.compile(rf"\[\s*(?:{_ITEM}(?:\s*,\s*|\s+|(?=\s*\])))*\]", re.DOTALL)
_LIST_OF_OBJECTS = re.compile(r"\[\s*\{.*\}\s*\]", re.DOTALL)


def is_printed_list(value: Any) -> bool:
    """Whether a cell is a list of texts, or of objects, that was printed."""
    return isinstance(value, str) and parse_printed_list(value) is not None


def parse_printed_list(text: str) -> list[Any] | None:
    """The items of a printed list; None for any other text."""
    text = text.strip()
    if not text.startswith("[") or not text.endswith("]"):
        return None
    if _LIST_OF_TEXTS.fullmatch(text):
        return [ast.literal_eval(item) for item in re.findall(_STRING, text, re.DOTALL)]
    return _parse_objects(text) if _LIST_OF_OBJECTS.fullmatch(text) else None


def _parse_objects(text: str) -> list[Any] | None:
    for parse in (json.loads, ast.literal_eval):
        try:
            items = parse(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(items, list) and all(isinstance(item, dict) for item in items):
            return items
    return None


def holds_printed_lists(values: Sequence[Any]) -> bool:
    """Whether most cells of a column are printed lists."""
    there = [value for value in values if not is_empty(value)]
    return bool(there) and sum(map(is_printed_list, there)) > len(there) / 2
