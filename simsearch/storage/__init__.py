"""Where an index is kept: SQLite is the truth; FAISS segments and the words index are derived from it.

Importing this is light; what a function needs it imports itself.
"""

from __future__ import annotations

from pathlib import Path

from simsearch.storage.protocols import Problem, Store
from simsearch.types import Observer

__all__ = ["Problem", "check", "open_store"]


LATENCY = 50.0


def open_store(
    folder: Path, observe: Observer | None = None, latency: float = LATENCY, threads: int = 0
) -> Store:
    """The store in a folder; nothing is read or made before the store is used.

    Args:
        folder: Normally .simsearch/; made by the first write.
        observe: Hears of derived files that had to be made anew.
        latency: Milliseconds that a search for the nearest chunks may take; an exact index that takes longer becomes
            an approximate one.
        threads: What FAISS may compute with, in the whole process; 0 means the cores that it may use.
    """
    from simsearch.storage.dense.faiss_library import use_threads
    from simsearch.storage.store import LocalStore

    use_threads(threads)
    return LocalStore(folder, latency, observe)


def check(folder: Path, repair: bool = False) -> list[Problem]:
    """Verify an index: the database itself, and every derived file against it.

    Args:
        folder: Normally .simsearch/; without an index in it nothing is wrong.
        repair: Make anew what is wrong and can be derived; nothing is embedded again.

    Returns:
        What was found; after a repair each `fix` says what was done.

    Raises:
        WorkspaceLocked: Another process is writing.
        StorageError: The database can't be opened at all.
    """
    from simsearch.storage.checking import check

    return check(folder, repair)
