"""Finding the workspace."""

from __future__ import annotations

from pathlib import Path

HOME = ".simsearch"


def find_folder(start: Path) -> Path:
    """The nearest folder upwards from `start` that contains .simsearch/; `start` itself if none does."""
    for folder in (start, *start.parents):
        if (folder / HOME).is_dir():
            return folder
    return start
