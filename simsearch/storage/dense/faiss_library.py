"""FAISS, with no more threads than the embedder."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from simsearch.threads import allowed_threads

_wanted = 0


def use_threads(wanted: int) -> None:
    """Say how many threads FAISS may compute with; it counts them for the whole process, and so does this.

    Args:
        wanted: From the settings; 0 means the cores that this process may use.
    """
    global _wanted
    _wanted = wanted


def is_loaded() -> bool:
    """Whether this process has paid for importing FAISS."""
    return "faiss" in sys.modules


def load_faiss(queries: int = 0) -> Any:
    """The module, which takes 70 ms to import.

    Args:
        queries: How many it is about to search for, where it is; FAISS would also start threads that have none.
    """
    import faiss

    threads = faiss_threads()
    faiss.omp_set_num_threads(min(threads, queries) if queries else threads)
    return faiss


def faiss_threads() -> int:
    """How many threads it may compute with."""
    return _threads(_wanted)


@cache
def _threads(wanted: int) -> int:
    return allowed_threads(wanted)
