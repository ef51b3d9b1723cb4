"""Files that the database doesn't name: superseded, or left by a killed run."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from simsearch.home import Home


def remove_leftovers(connection: sqlite3.Connection, folder: Path) -> None:
    """Delete them; what a reader on Windows still maps stays for the next writer."""
    named = {name for (name,) in connection.execute("SELECT name FROM segments")}
    for path in Home(folder).segments.glob("*"):
        if path.name not in named:
            _delete_file(path)
    named = {name for (name,) in connection.execute("SELECT words FROM generations")}
    for path in Home(folder).words.glob("*"):
        if path.name not in named:
            shutil.rmtree(path, ignore_errors=True)


def _delete_file(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        return
