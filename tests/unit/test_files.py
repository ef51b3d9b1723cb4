"""Files that are there whole or not at all, for whoever may read what is written there."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from simsearch.files import write_atomically


@pytest.fixture(params=[0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def rights(path: Path) -> str:
    return stat.filemode(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_file_can_be_read_by_whom_any_other_file_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"text")
    write_atomically(tmp_path / "written", b"text")
    assert rights(tmp_path / "written") == rights(tmp_path / "plain")


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664], ids=oct)
def test_a_file_that_is_written_again_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "written"
    path.write_bytes(b"old")
    path.chmod(mode)
    before = rights(path)
    write_atomically(path, b"new")
    assert (path.read_bytes(), rights(path)) == (b"new", before)


def test_a_file_that_could_not_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        write_atomically(tmp_path / "folder", b"text")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
