"""How much room an index takes."""

from __future__ import annotations

import os
from pathlib import Path

from simsearch.home import Home


def size_on_disk(folder: Path) -> int:
    """Bytes of the database and of the files derived from it, also while a writer replaces some."""
    home = Home(folder)
    database = [Path(f"{home.database}{ending}") for ending in ("", "-wal", "-shm")]
    derived = [
        Path(where) / name
        for part in (home.segments, home.words)
        for where, _, names in os.walk(part)
        for name in names
    ]
    return sum(map(_bytes, [*database, *derived]))


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
