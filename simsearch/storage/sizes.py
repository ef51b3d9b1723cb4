"""How much room an index takes."""

from __future__ import annotations

import os
from pathlib import Path

from simsearch.storage.database import segment_records
from simsearch.storage.database.connection import FILE_NAME
from simsearch.storage.words import words_index as words


def size_on_disk(folder: Path) -> int:
    """Bytes of the database and of the files derived from it, also while a writer replaces some."""
    database = [folder / f"{FILE_NAME}{ending}" for ending in ("", "-wal", "-shm")]
    derived = [
        Path(where) / name
        for part in (segment_records.FOLDER, words.FOLDER)
        for where, _, names in os.walk(folder / part)
        for name in names
    ]
    return sum(map(_bytes, [*database, *derived]))


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
