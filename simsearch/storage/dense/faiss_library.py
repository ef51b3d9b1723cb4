"""FAISS, with no more threads than the rest of the process."""

from __future__ import annotations

import sys
from typing import Any

from simsearch.threads import allowed_threads


def is_loaded() -> bool:
    """Whether this process has paid for importing FAISS."""
    return "faiss" in sys.modules


def load_faiss(queries: int = 0) -> Any:
    """The module, which takes 70 ms to import.

    Args:
        queries: How many it is about to search for, where it is; FAISS would also start threads that have none.
    """
    import faiss

    threads = allowed_threads()
    faiss.omp_set_num_threads(min(threads, queries) if queries else threads)
    return faiss
