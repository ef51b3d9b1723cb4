"""Work in several threads."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier

import pytest

from simsearch.threads import allowed_threads, count_cores, in_parallel, use_threads


def test_results_are_in_the_order_of_their_parts() -> None:
    assert in_parallel(str, range(5), threads=2) == ["0", "1", "2", "3", "4"]


def test_as_many_parts_are_done_at_once_as_there_are_threads() -> None:
    both = Barrier(2, timeout=30)
    assert sorted(in_parallel(lambda _: both.wait(), [1, 2], threads=2)) == [0, 1]


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_in_one_part_is_not_lost(threads: int) -> None:
    def fail(part: int) -> None:
        raise ValueError(part)

    with pytest.raises(ValueError, match="1"):
        in_parallel(fail, [1, 1, 1], threads)


def test_threads_keep_to_the_control_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda process: range(8), raising=False)
    (tmp_path / "cpu.max").write_text("150000 100000\n")
    assert count_cores.__wrapped__(tmp_path) == 2
    (tmp_path / "cpu.max").write_text("900000 100000\n")
    assert count_cores.__wrapped__(tmp_path) == 8
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert count_cores.__wrapped__(tmp_path) == 6


def test_the_number_asked_for_goes_before_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simsearch.threads.count_cores", lambda: 8)
    use_threads(3)
    assert allowed_threads(5) == 5
    assert allowed_threads() == 3
    use_threads(0)
    assert allowed_threads() == 8
