"""What an exported index says of itself. Every run looks for it in the folder that it is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ABOUT = "index.json"
FORMAT = "simsearch export 1"
PARTS_FORMAT = "simsearch export 2"
"""Of Parquet parts."""

LARGEST_ABOUT = 1_000_000
"""Bytes, many times what an export writes: any folder may have a file of that name, of its own."""


def is_export(folder: Path) -> bool:
    """Whether a folder holds an exported index."""
    return str(read_about(folder).get("format", "")).startswith(FORMAT.rstrip("0123456789"))


def read_about(folder: Path) -> dict[str, Any]:
    """What an exported index says of itself; empty if a folder holds none."""
    path = folder / ABOUT
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_ABOUT:
            return {}
        about = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return about if isinstance(about, dict) and isinstance(about.get("format"), str) else {}
