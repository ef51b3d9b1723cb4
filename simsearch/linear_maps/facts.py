"""What a model's folder says of its linear map, read without numpy: most models have none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FACTS = "linear_map.json"
"""Tells what the map was made from; sentence-transformers doesn't read it."""


@dataclass(frozen=True, slots=True)
class MapFacts:
    """What linear_map.json says.

    Args:
        base: Fingerprint of the model without the map.
        questions_only: Whether the model's vectors of documents are the base's.
        dense: The Dense module, relative to the folder.
    """

    base: str
    questions_only: bool
    dense: str


def map_facts(folder: Path) -> MapFacts | None:
    """What a model's folder says of its map; None if it has none."""
    path = folder / FACTS
    return MapFacts(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None
