"""What a text file says of itself in its first lines: YAML or TOML front matter, or a list of fields."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

_FENCED = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(.*?)^\1[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r":?([A-Za-z][\w .-]{0,40}):(?:[ \t]+(.*))?$")
_LONGEST = 64 * 1024
_DEEPEST = 20


def front_matter(text: str) -> dict[str, Any]:
    """The values between the fences (`---` YAML, `+++` TOML) that a file starts with; none where they can't
    be parsed."""
    found = _FENCED.match(text[:_LONGEST])
    if not found:
        return {}
    parse = _yaml if found[1] == "---" else _toml
    return {str(key): plain(value) for key, value in parse(found[2]).items()}


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


def _yaml(text: str) -> Mapping[str, Any]:
    import yaml

    try:
        values = yaml.load(text, yaml.SafeLoader) if _is_harmless(text) else {}
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}  # a tag that doesn't fit its value raises anything
    return values if isinstance(values, Mapping) else {}


def _is_harmless(text: str) -> bool:
    """False for an alias, which can make a small text a huge one, and for depth, whose cost grows with its square."""
    import yaml

    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or isinstance(event, yaml.AliasEvent):
            return False
    return True


def _toml(text: str) -> Mapping[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return {}


def plain(value: Any, depth: int = _DEEPEST) -> Any:
    """JSON values only: dates become ISO text, what lies too deep or is no number is dropped."""
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
