"""FAISS computes with the threads that it was given, no more, and what all of them do is counted."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from simsearch import Workspace
from simsearch.settings import Settings
from simsearch.storage.dense.faiss_library import load_faiss
from simsearch.storage.dense.flat import MANY_QUESTIONS, SHARED_ROWS, FlatSegment
from simsearch.storage.dense.segments import measure_milliseconds
from simsearch.threads import count_cores, use_threads
from simsearch.types import Rows, Scores, Vectors


@pytest.fixture(autouse=True)
def machine_s_threads() -> Iterator[None]:
    """What a test asks for ends with it."""
    yield
    use_threads(0)


def test_faiss_keeps_to_the_setting(tmp_path: Path) -> None:
    assert Workspace(tmp_path, Settings(threads=1)).settings.threads == 1
    assert load_faiss().omp_get_max_threads() == 1
    assert Workspace(tmp_path, Settings()).settings.threads == 0
    assert load_faiss().omp_get_max_threads() == count_cores()


def test_threads_that_share_the_rows_find_the_same() -> None:
    use_threads(3)
    vectors = unit_vectors(SHARED_ROWS + 1, 8)
    load_faiss()
    segment = FlatSegment(vectors.astype(np.float16), np.arange(len(vectors)), None)
    questions = np.concatenate([vectors[:2], vectors[-2:]])
    for one, together in zip(questions, segment.search(questions, 10), strict=True):
        ((scores, chunks),) = segment.search(one[None], 10)
        assert chunks.tolist() == together[1].tolist()
        assert scores.tolist() == together[0].tolist()


def test_many_questions_together_find_what_each_finds_alone() -> None:
    vectors = unit_vectors(1000, 8)
    load_faiss()
    segment = FlatSegment(vectors.astype(np.float16), np.arange(len(vectors)), None)
    questions = unit_vectors(MANY_QUESTIONS, 8)
    for one, together in zip(questions, segment.search(questions, 10), strict=True):
        ((scores, chunks),) = segment.search(one[None], 10)
        assert chunks.tolist() == together[1].tolist()
        assert scores.tolist() == together[0].tolist()


class Counted(FlatSegment):
    """Keeps the processor time of each search, in milliseconds, whichever thread it was spent by."""

    def __init__(self, vectors: Vectors) -> None:
        super().__init__(vectors.astype(np.float16), np.arange(len(vectors)), None)
        self.work: list[float] = []

    def search(self, queries: Vectors, wide: int, allowed: Rows | None = None) -> list[tuple[Scores, Rows]]:
        began = time.process_time()
        found = super().search(queries, wide, allowed)
        self.work.append(1000 * (time.process_time() - began))
        return found


def test_what_a_query_takes_counts_the_work_of_the_threads_that_share_it() -> None:
    use_threads(2)
    vectors = unit_vectors(SHARED_ROWS + 1, 256)
    load_faiss()
    segment = Counted(vectors)
    taken = measure_milliseconds(segment, vectors)
    _, *measured = segment.work
    # Two threads and the one that waits for them can't do more work than this in that time.
    assert 3 * taken >= statistics.median(measured)


def unit_vectors(rows: int, dimension: int) -> Vectors:
    vectors = np.random.default_rng(0).standard_normal((rows, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors
