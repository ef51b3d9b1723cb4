"""FAISS computes with the threads that it was given, no more."""

from pathlib import Path

from simsearch.storage import open_store
from simsearch.storage.faiss_library import load_faiss
from simsearch.threads import allowed_threads


def test_faiss_keeps_to_the_setting(tmp_path: Path) -> None:
    open_store(tmp_path, threads=1)
    assert load_faiss().omp_get_max_threads() == 1
    open_store(tmp_path)
    assert load_faiss().omp_get_max_threads() == allowed_threads()
