"""Where an index is kept: SQLite is the truth; FAISS segments and the word index are derived from it.

Importing this is light; what a function needs it imports itself.
"""

from __future__ import annotations

from pathlib import Path

from simsearch.settings import LATENCY
from simsearch.storage.capabilities import Problem
from simsearch.storage.store import LocalStore
from simsearch.types import Observer

__all__ = ["LocalStore", "Problem", "open_store"]


def open_store(folder: Path, observe: Observer | None = None, latency: float = LATENCY) -> LocalStore:
    """The store in a folder; nothing is read or created before the store is used.

    Args:
        folder: Normally .simsearch/; created by the first write.
        observe: Hears of derived files that had to be rebuilt.
        latency: Milliseconds that a search for the nearest chunks may take; an exact index that takes longer becomes
            an approximate one.
    """
    return LocalStore(folder, latency, observe)
