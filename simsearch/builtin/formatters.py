"""Built-in formatters: how hits are shown."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from simsearch import Component, Hit, View, hookimpl
from simsearch.types import Formatter

LINES_SHOWN = 4


@hookimpl
def simsearch_formatters() -> list[Component]:
    return [
        Component("text", "For people: path:lines, score and the text", text),
        Component("json", "One JSON list", json_list),
        Component("jsonl", "A JSON object a line", json_lines),
        Component("paths", "The paths alone, each once, for other programs", paths),
    ]


def text() -> Formatter:
    def show(hits: Sequence[Hit], view: View) -> str:
        if not hits:
            return "Nothing found."
        return "\n\n".join(_card(hit, view) for hit in hits)

    return show


def json_list() -> Formatter:
    return lambda hits, view: json.dumps([as_json(hit) for hit in hits], indent=2, ensure_ascii=False)


def json_lines() -> Formatter:
    return lambda hits, view: "\n".join(json.dumps(as_json(hit), ensure_ascii=False) for hit in hits)


def paths() -> Formatter:
    return lambda hits, view: "\n".join(dict.fromkeys(hit.path for hit in hits))


def as_json(hit: Hit) -> dict[str, Any]:
    """A hit under the names that scripts rely on."""
    return asdict(hit)


def _card(hit: Hit, view: View) -> str:
    place = hit.path if hit.lines is None else f"{hit.path}:{hit.lines[0]}-{hit.lines[1]}"
    head = f"{hit.rank}. {_bold(place, view)}  {hit.score:.3f}"
    rows = [head] if not hit.title else [head, f"   {_cut(hit.title, view.width - 3)}"]
    wrapped = textwrap.wrap(" ".join(hit.text.split()), max(view.width - 3, 20))
    if len(wrapped) > LINES_SHOWN:
        wrapped = [*wrapped[: LINES_SHOWN - 1], _cut(f"{wrapped[LINES_SHOWN - 1]} …", view.width - 3, "…")]
    return "\n".join([*rows, *(f"   {row}" for row in wrapped)])


def _cut(words: str, width: int, ending: str = "…") -> str:
    return words if len(words) <= width else words[: width - len(ending)].rstrip() + ending


def _bold(words: str, view: View) -> str:
    return f"\x1b[1m{words}\x1b[0m" if view.colour else words
