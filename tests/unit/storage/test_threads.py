"""FAISS computes with the threads that it was given, no more."""

from pathlib import Path

import numpy as np

from simsearch.storage import open_store
from simsearch.storage.faiss_library import load_faiss
from simsearch.storage.flat import SHARED_ROWS, FlatSegment
from simsearch.threads import allowed_threads


def test_faiss_keeps_to_the_setting(tmp_path: Path) -> None:
    open_store(tmp_path, threads=1)
    assert load_faiss().omp_get_max_threads() == 1
    open_store(tmp_path)
    assert load_faiss().omp_get_max_threads() == allowed_threads()


def test_threads_that_share_the_rows_find_the_same(tmp_path: Path) -> None:
    open_store(tmp_path, threads=3)
    vectors = np.random.default_rng(0).standard_normal((SHARED_ROWS + 1, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    load_faiss()
    segment = FlatSegment(vectors.astype(np.float16), np.arange(len(vectors)), None)
    questions = vectors[:2] + vectors[-2:]
    for one, together in zip(questions, segment.search(questions, 10), strict=True):
        ((scores, chunks),) = segment.search(one[None], 10)
        assert chunks.tolist() == together[1].tolist()
        assert scores.tolist() == together[0].tolist()
