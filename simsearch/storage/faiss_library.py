"""FAISS, with no more threads than the embedder beside it has."""

from __future__ import annotations

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


def load_faiss() -> Any:
    """The module, which takes 70 ms to import."""
    import faiss

    faiss.omp_set_num_threads(allowed_threads(_wanted))
    return faiss
