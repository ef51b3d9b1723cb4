"""JSON as people read it: its values, each with its key; escapes and brackets are gone."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from simsearch import Document
from simsearch.decoding import decode_with_notices
from simsearch.noise import is_encoded_data

_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.{0,10000}?\*/|,(?=\s*[}\]])', re.DOTALL)
_COMMENT_SIGNS = re.compile(r"^[ \t]*(?:/[/*]+|\*+(?!/))[ \t]*|\**/$", re.MULTILINE)
NUMBERS = 20
"""A list of more numbers is data for programs."""

TITLES = ("title", "name")
DUMP, LONGEST_LINE = 500_000, 10_000
"""Characters of a file, and of its lines, from which on it is written for programs; only its sentences are read."""

SENTENCE = 4
"""Words of a value that is rather a sentence than a code."""

Said = Callable[[str], bool]


def read_json(path: Path, content: bytes) -> Iterator[Document]:
    """One document of all values; a file that is not JSON is indexed as it is written."""
    source, notices = decode_with_notices(content)
    try:
        values, comments = _parse(source)
        text, left_out = _render(values, _is_sentence if _is_dump(source) else is_said)
        text = "\n\n".join(filter(None, (text, "\n".join(comments))))
    except (ValueError, RecursionError) as error:
        said = f"{_trouble(error)}; indexed as it is written"
        yield Document(source, verbatim=True, notices=(*notices, said) if source.strip() else notices)
        return
    said_left_out = (f"left out: {left_out} numbers, codes or pieces of encoded data",) if left_out else ()
    yield Document(text, title=_title(values), notices=(*notices, *said_left_out))


def _trouble(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON ({error.msg})"
    if isinstance(error, RecursionError):
        return "JSON that is nested too deeply"
    return f"JSON with an integer of more than {sys.get_int_max_str_digits()} digits"


def json_lines(value: Any, name: str) -> list[str]:
    """The lines of one value, each with its key."""
    lines: list[str] = []
    _add(value, name, lines, is_said)
    return [line for line in lines if line]


def keep_every_value(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its names and values; of a name that it has several times, the list of them."""
    values: dict[str, list[Any]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: some if len(some) > 1 else some[0] for name, some in values.items()}


def _parse(source: str) -> tuple[list[Any], list[str]]:
    """The values of a file, one or several one after the other, and its comments; last commas are passed over."""
    try:
        return list(_each(source)), []
    except json.JSONDecodeError:
        values = list(_each(_COMMENT.sub(lambda found: found[1] or "", source)))
        comments = (found[0] for found in _COMMENT.finditer(source) if found[0].startswith("/"))
        return values, [line for comment in comments if (line := _COMMENT_SIGNS.sub("", comment).strip())]


def _each(source: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(object_pairs_hook=keep_every_value)
    place = 0
    while rest := re.compile(r"\s*\x1e?\s*").match(source, place):
        if rest.end() == len(source):
            return
        value, place = decoder.raw_decode(source, rest.end())
        yield value


def is_said(text: str) -> bool:
    """Whether a value is for people."""
    return not is_encoded_data(text)


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= SENTENCE or not text.isascii()


def _is_dump(source: str) -> bool:
    """Whether a program wrote the file for programs: it is large and has hardly any lines."""
    return len(source) >= DUMP and source.count("\n") < len(source) // LONGEST_LINE


def _render(values: list[Any], is_said: Said) -> tuple[str, int]:
    """The text of values, and how many of them are left out because they are data for programs."""
    lines: list[str] = []
    left_out = sum(_add(value, "", lines, is_said) for value in values)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), left_out


def _add(value: Any, name: str, lines: list[str], is_said: Said) -> int:
    """Append the lines of a value; returns how many values are left out."""
    if isinstance(value, Mapping):
        return _add_object(value, name, lines, is_said)
    if isinstance(value, list):
        return _add_list(value, name, lines, is_said)
    if value is None or value == "":
        return 0
    text = value if isinstance(value, str) else json.dumps(value)
    if not is_said(text):
        return 1
    lines.append(f"{name}: {text}" if name else text)
    return 0


def _add_object(value: Mapping[str, Any], name: str, lines: list[str], is_said: Said) -> int:
    """The fields of an object, apart from what is around it by an empty line."""
    lines.append("")
    left_out = sum(
        _add(item, f"{name}.{key}" if name else key, lines, is_said) for key, item in value.items()
    )
    lines.append("")
    return left_out


def _add_list(value: list[Any], name: str, lines: list[str], is_said: Said) -> int:
    numbers = _count_numbers(value)
    if numbers > NUMBERS:
        return numbers
    if all(not isinstance(item, list | Mapping) for item in value):
        kept = [item for item in value if item not in (None, "")]
        is_short = all(not isinstance(item, str) or len(item.split()) < 4 for item in kept)
        if is_short and all(is_said(str(item)) for item in kept):
            words = ", ".join(item if isinstance(item, str) else json.dumps(item) for item in kept)
            return _add(words, name, lines, is_said)
    return sum(_add(item, name, lines, is_said) for item in value)


def _count_numbers(value: Any) -> int:
    """How many numbers a list of numbers, or of lists of them, has; 0 if it has anything else."""
    count = 0
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, int | float) and not isinstance(item, bool):
            count += 1
        else:
            return 0
    return count


def _title(values: list[Any]) -> str:
    first = values[0] if len(values) == 1 else None
    if not isinstance(first, Mapping):
        return ""
    return next((" ".join(first[name].split()) for name in TITLES if isinstance(first.get(name), str)), "")
