"""What a text file says of itself in its first lines: YAML or TOML front matter, or a list of fields."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from simsearch.builtin.readers.lenient_yaml import read_yaml

_FENCED = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(.*?)^(?:\1|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r":?([A-Za-z][\w .-]{0,40}):(?:[ \t]+(.*))?$")
_LONGEST = 64 * 1024
_DEEPEST = 20
LISTS = ("tags", "tag", "keywords", "categories", "aliases", "labels", "cssclasses")
"""Fields that hold lists, which people write with commas."""


class FrontMatter(NamedTuple):
    """What a file says of itself, and what of that could not be read."""

    values: Mapping[str, Any]
    notices: tuple[str, ...] = ()


def read_front_matter(text: str) -> FrontMatter:
    """The values between the fences (`---` YAML, `+++` TOML) that a file starts with; of YAML that is not valid,
    those that can be read."""
    found = _FENCED.match(text[:_LONGEST])
    if not found:
        return FrontMatter({})
    is_yaml = found[1] == "---"
    values, problem = read_yaml(found[2]) if is_yaml else _toml(found[2])
    notice = f"front matter is not valid {'YAML' if is_yaml else 'TOML'}: {problem}"
    named = {str(key): _as_list(str(key), plain(_with_links(value))) for key, value in values.items()}
    return FrontMatter(named, (notice,) if problem else ())


def _as_list(key: str, value: Any) -> Any:
    """Several tags in one string as a list, as note-taking programs read them: `a, b`, or `#a #b`."""
    if key.lower() not in LISTS or not isinstance(value, str):
        return value
    words = value.split(",")
    if len(words) == 1 and all(word.startswith("#") for word in value.split()):
        words = value.split()
    names = [word.strip().removeprefix("#") for word in words if word.strip()]
    return names if len(names) > 1 else "".join(names)


def _with_links(value: Any, depth: int = _DEEPEST) -> Any:
    """Links to other notes, `[[Home]]`, which YAML takes for a list in a list, as they are written."""
    if depth == 0:
        return value
    if isinstance(value, Mapping):
        return {key: _with_links(item, depth - 1) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    inner = value[0] if len(value) == 1 else None
    if isinstance(inner, list) and inner and all(isinstance(word, str) for word in inner):
        return f"[[{', '.join(inner)}]]"
    return [_with_links(item, depth - 1) for item in value]


def body_start(text: str) -> int:
    """The character after the front matter."""
    found = _FENCED.match(text[:_LONGEST])
    return found.end() if found else 0


def fields(text: str) -> dict[str, str]:
    """The fields a reStructuredText file starts with: `:Author: Ada`, or as in PEPs `Author: Ada`."""
    found: dict[str, str] = {}
    last = ""
    for line in text[:_LONGEST].splitlines():
        field = _FIELD.match(line)
        if field:
            last = field[1].strip().lower()
            found[last] = (field[2] or "").strip()
        elif last and line[:1] in (" ", "\t") and line.strip():
            found[last] = f"{found[last]} {line.strip()}".strip()
        else:
            break
    return found if len(found) > 1 else {}


def _toml(text: str) -> tuple[Mapping[str, Any], str]:
    import tomllib

    try:
        return tomllib.loads(text), ""
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        return {}, str(error)


def plain(value: Any, depth: int = _DEEPEST) -> Any:
    """JSON values only: dates become ISO text, what is nested too deeply or is not a number is dropped."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item, depth - 1) for item in value]
    return str(value)
