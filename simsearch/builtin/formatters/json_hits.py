"""Hits as JSON, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from simsearch import Hit, View


def show_list(hits: Sequence[Hit], view: View) -> str:
    """One list; with an explanation an object with `hits` and `explanation`."""
    rows = [as_json(hit) for hit in hits]
    shown = {"hits": rows, "explanation": asdict(view.explanation)} if view.explanation else rows
    return json.dumps(shown, indent=2, ensure_ascii=False)


def show_lines(hits: Sequence[Hit], view: View) -> str:
    """One object on each line."""
    return "\n".join(json.dumps(as_json(hit), ensure_ascii=False) for hit in hits)


def as_json(hit: Hit) -> dict[str, Any]:
    """A hit with the keys that scripts rely on."""
    return asdict(hit)
