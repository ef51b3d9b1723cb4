"""YAML as people write it above their notes: what a strict parser rejects is read field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 20
TOO_DEEP = "it is nested too deeply"
_FIELD = re.compile(
    r"(?P<key>\"[^\"]+\"|'[^']+'|[^\s#\-{}\[\],&*!|>%@`\"'][^:#]*?|#[\w-]+)[ \t]*:(?:[ \t]+|$)(?P<value>.*)"
)
_ITEM = re.compile(r"\s*-[ \t]+(.*)")
_HASH_VALUE = re.compile(r"^(?P<key>[\w-]+):[ \t]*(?P<value>#\S.*)$", re.MULTILINE)


def read_yaml(text: str) -> tuple[Mapping[str, Any], str]:
    """The fields of a YAML mapping, and what was wrong with it; empty if nothing was."""
    values, problem = _strict(text)
    if problem and "\t" in text:
        values, problem = _strict(text.expandtabs(2))
    if not problem:
        fields = dict(values) if isinstance(values, Mapping) else {}
        # `tags: #red` is a comment in YAML, and means a tag to everyone else.
        hashed = {found["key"]: found["value"] for found in _HASH_VALUE.finditer(text)}
        return {
            key: hashed.get(key, "") or None if value is None else value for key, value in fields.items()
        }, ""
    if problem == TOO_DEEP:
        return {}, problem
    first = text.lstrip().partition("\n")[0]
    if not first.startswith(("{", "[", '"')) and not _FIELD.fullmatch(first.rstrip()):
        return {}, ""  # lines above and below a text, which are not fences
    fields, unread = _by_field(text.expandtabs(2))
    rest = "its fields were read one by one" if not unread else f"{unread} of its lines not read"
    return fields, f"{problem}; {rest}"


def _strict(text: str) -> tuple[Any, str]:
    """The value of a YAML document, and why it has none."""
    import yaml

    try:
        if harm := _harm(text):
            return {}, harm
        return yaml.load(text, yaml.SafeLoader), ""
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1  # the fence is the file's first
        return {}, f"line {line}: {error.problem}"
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        return {}, f"{type(error).__name__}"  # a tag that doesn't fit its value raises anything


def _harm(text: str) -> str:
    """Why a text is not loaded: an alias can make a small text a huge one, and the cost of depth grows with its
    square."""
    import yaml

    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return TOO_DEEP
        if isinstance(event, yaml.AliasEvent):
            return "it has aliases"
    return ""


def _by_field(text: str) -> tuple[dict[str, Any], int]:
    """The fields that can be read, and how many lines belong to none."""
    found: dict[str, Any] = {}
    unread = 0
    for block in _blocks(text):
        field = _FIELD.fullmatch(block[0])
        if field is None:
            unread += sum(1 for line in block if line.strip() and not line.lstrip().startswith("#"))
            continue
        value, problem = _strict("\n".join(block))
        key = field["key"].strip("\"'")
        is_read = not problem and isinstance(value, Mapping) and len(value) == 1
        found[key] = next(iter(value.values())) if is_read else _as_written(field["value"], block[1:])
    return found, unread


def _blocks(text: str) -> Iterator[list[str]]:
    """The lines of each field: one that is not indented, with those below it that are, or are items."""
    block: list[str] = []
    for line in text.splitlines():
        if block and line.strip() and not line[0].isspace() and not _ITEM.match(line):
            yield block
            block = []
        if line.strip():
            block.append(line)
    if block:
        yield block


def _as_written(value: str, below: list[str]) -> Any:
    items = [_unquoted(item[1].strip()) for line in below if (item := _ITEM.match(line))]
    if items and not value.strip():
        return items
    return _unquoted(" ".join([value.strip(), *(line.strip() for line in below)]).strip())


def _unquoted(text: str) -> str:
    return text.strip(text[0]) if text[:1] in ("'", '"') else text
