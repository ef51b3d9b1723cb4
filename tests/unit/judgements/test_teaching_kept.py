"""A killed process, two at once and a full disk leave the earlier teaching or the new one, never half of one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from simsearch.linear_maps.linear_map import LinearMap
from simsearch.querying.memory import Memory
from simsearch.querying.teaching import Teaching, keep_teaching, read_teaching

KEEP = """
import sys
from pathlib import Path
from simsearch.querying.teaching import keep_teaching
from tests.unit.judgements.test_teaching_kept import teaching
print("begun", flush=True)
for _ in range(int(sys.argv[3])):
    keep_teaching(Path(sys.argv[1]), teaching(int(sys.argv[2])))
"""

LIMITED = (
    """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.dont_write_bytecode = True  # Python would leave half a file of byte code
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
"""
    + KEEP
)


def teaching(number: int) -> Teaching:
    """A teaching of which every part tells its number."""
    vectors = np.full((number, 200), number, np.float32)
    memory = Memory(tuple(map(str, range(number))), vectors, tuple({"a.md": True} for _ in range(number)))
    linear_map = LinearMap(np.full((200, 200), number, np.float32), True)
    return Teaching(str(number), linear_map, memory, {"number": number}, number / 10)


def number_of(path: Path) -> int:
    """The number of a teaching that is whole."""
    found = read_teaching(path)
    assert found is not None and found.memory is not None and found.linear_map is not None
    number = int(found.fingerprint)
    assert (found.proof, found.good_match) == ({"number": number}, number / 10)
    assert len(found.memory.questions) == number
    assert (found.memory.vectors == number).all() and (found.linear_map.weights == number).all()
    return number


def keep(path: Path, number: int, times: int, code: str = KEEP) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", code, path, str(number), str(times)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    return process


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    keep_teaching(tmp_path / "teaching", teaching(3))
    assert number_of(tmp_path / "teaching") == 3


@pytest.mark.parametrize("milliseconds", [1, 7, 23])
def test_a_killed_process_leaves_a_whole_teaching(tmp_path: Path, milliseconds: int) -> None:
    path = tmp_path / "teaching"
    keep_teaching(path, teaching(2))
    process = keep(path, 5, 100_000)
    time.sleep(milliseconds / 1000)  # any moment will do
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert number_of(path) in (2, 5)


def test_two_processes_at_once_leave_one_whole_teaching(tmp_path: Path) -> None:
    path = tmp_path / "teaching"
    processes = [keep(path, number, 30) for number in (4, 9)]
    assert [process.communicate()[1] for process in processes] == ["", ""]
    assert number_of(path) in (4, 9)


@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="limits a process's file size, which Windows has no call for"
)
def test_a_full_disk_leaves_the_earlier_teaching(tmp_path: Path) -> None:
    path = tmp_path / "teaching"
    keep_teaching(path, teaching(2))
    _, errors = keep(path, 5, 1, LIMITED).communicate()
    assert "StorageError" in errors and "nothing was changed" in errors
    assert number_of(path) == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["teaching"]
