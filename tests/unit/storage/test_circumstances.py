"""What a store lives among: other writers and readers, a full disk, a folder that can't be written, another version."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simsearch.errors import NoIndex, OtherFormat, StorageError, WorkspaceLocked
from simsearch.storage import open_store
from simsearch.storage.conditions import FieldComparison
from simsearch.testing.stores.examples import ANIMALS, MODEL, fill, identity, put, view
from simsearch.types import Event
from tests.conftest import PROJECT

NOBODY = 65534
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="uses limits and users of POSIX systems")


def python(code: str, *words: object) -> subprocess.Popen[str]:
    """A process of its own that runs some code with what the tests share at hand."""
    start = (
        "import sys; from pathlib import Path; from simsearch.storage import *; "
        "from simsearch.testing.stores.examples import *\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", start + code, *map(str, words)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate()
    assert process.returncode == 0, err
    return out.strip()


def test_a_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    folder = tmp_path / ".simsearch"
    holder = python(
        """
with open_store(Path(sys.argv[1])).write(identity()):
    print("ready", flush=True)
    sys.stdin.readline()
""",
        folder,
    )
    assert holder.stdout
    holder.stdout.readline()
    with pytest.raises(WorkspaceLocked, match=f"Process {holder.pid} on .* is writing the index"):
        open_store(folder).write(identity())
    holder.kill()
    holder.communicate()
    fill(open_store(folder))  # the system has released it


def test_an_index_that_is_deleted_while_it_is_open_is_no_index(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fill(store)
    with closing(store.read()) as reader:
        shutil.rmtree(tmp_path)
        with pytest.raises(NoIndex):
            reader.search_words("fox", 10)


def test_an_index_that_takes_the_place_of_a_deleted_one_is_not_mixed_with_it(tmp_path: Path) -> None:
    fill(open_store(tmp_path))
    with closing(open_store(tmp_path).read()) as reader:
        expected = {record.text for record in reader.every_chunk() if "fox" in record.text}
        shutil.rmtree(tmp_path)
        with open_store(tmp_path).write(identity()) as writer:
            for number in range(len(ANIMALS)):
                put(writer, f"docs/{number}.md", "another fox")
            writer.finish()
        found = reader.search_words("fox", 10).chunks.tolist()
        assert {record.text for record in reader.chunks(found)} == expected


WRITE = """
store = open_store(Path(sys.argv[1]))
with store.write(identity()) as writer:
    for version in range(int(sys.argv[2])):
        for number in range(5):
            put(writer, f"docs/{number}.md", f"the fox in version {version} of {number}")
            if number == 2 and version in (1, 2, 3):
                print("halfway", flush=True)
                sys.stdin.readline()
        writer.commit()
    writer.finish()
"""


def test_readers_see_whole_commits_while_another_process_writes(tmp_path: Path) -> None:
    """At first they take turns, so that there is something to see; then both run as they like."""
    folder = tmp_path / ".simsearch"
    done(python(WRITE, folder, 1))
    heard: list[Event] = []
    store = open_store(folder, heard.append)
    query = MODEL.encode(["the fox"], "query")

    def seen() -> str:
        with closing(store.read()) as reader:
            texts = [record.text for record in reader.every_chunk()]
            (version,) = {text.split()[4] for text in texts}
            assert (len(texts), reader.counts().chunks) == (5, 5)
            found = reader.chunks(reader.search(query, 10)[0].chunks.tolist())
            assert sorted(record.text for record in found) == sorted(texts)
            words = reader.chunks(reader.search_words("fox", 10).chunks.tolist())
            assert {record.text for record in words} <= set(texts)
        return version

    writing = python(WRITE, folder, 60)
    assert writing.stdin and writing.stdout
    for committed in ("0", "1", "2"):
        assert writing.stdout.readline() == "halfway\n"
        assert seen() == committed
        writing.stdin.write("on\n")
        writing.stdin.flush()
    while writing.poll() is None:
        seen()
    done(writing)
    assert seen() == "59"
    assert heard == []
    assert open_store(folder).check() == []


FILL_UP = """
import json, resource
from simsearch.errors import StorageError
sys.dont_write_bytecode = True  # Python would leave half a file of byte code
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
store, committed = open_store(Path(sys.argv[1])), -1
try:
    with store.write(identity()) as writer:
        for number in range(60):
            put(writer, f"more/{number}.md", f"one more fox {number} " * 40, root="more")
            writer.commit()
            committed = number
        writer.finish()
    said = ""
except StorageError as error:
    said = str(error)
print(json.dumps([committed, said]))
"""


def test_a_folder_called_full_is_no_full_disk(tmp_path: Path) -> None:
    (tmp_path / "full" / "writer.lock").mkdir(parents=True)
    with pytest.raises(StorageError) as told:
        open_store(tmp_path / "full").write(identity())
    assert "disk is full" not in str(told.value)


@pytest.mark.parametrize("room", [0, 10, 500, 2_000, 5_000, 20_000, 100_000, 150_000])
def test_a_full_disk_is_said_and_what_was_committed_is_kept(tmp_path: Path, room: int) -> None:
    """No file may grow beyond a limit a little above what is there, as on a disk that fills up."""
    folder = tmp_path / ".simsearch"
    fill(open_store(folder))
    largest = max(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    committed, said = json.loads(done(python(FILL_UP, folder, largest + room if room > 100 else room)))
    assert "disk is full" in said
    assert "free some space" in said
    assert open_store(folder).check() == []
    counts = view(open_store(folder)).counts
    assert 3 + committed + 1 <= counts[0] <= 3 + committed + 2  # the word index comes after the commit
    with open_store(folder).write(identity()) as writer:
        for number in range(60):
            put(writer, f"more/{number}.md", f"one more fox {number} " * 40, root="more")
        writer.finish()
    assert view(open_store(folder)).counts[0] == 63
    assert open_store(folder).check() == []
    assert not list(folder.glob("segments/*.making"))


@pytest.fixture
def readable_folder() -> Iterator[Path]:
    """Where a user without rights can look, which pytest's own folders don't allow, and at what is made there."""
    before = os.umask(0o022)
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / ".simsearch"
    os.umask(before)


@pytest.mark.parametrize("being_read", [False, True], ids=["closed", "being read"])
def test_a_folder_that_cannot_be_written_is_searched_all_the_same(
    readable_folder: Path, being_read: bool
) -> None:
    fill(open_store(readable_folder))
    before = view(open_store(readable_folder))
    readers = [open_store(readable_folder).read()] if being_read else []
    for path in [readable_folder, *readable_folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    asked = python(
        f"""
import os
from simsearch.errors import StorageError
folder, heard = Path(sys.argv[1]), []
view(open_store(folder)), open_store(folder.parent / "imports all that is needed").check(True)
import simsearch.storage.checking, simsearch.storage.writer
if os.getuid() == 0:
    os.setuid({NOBODY})
seen = view(open_store(folder, heard.append))
print(repr((seen, heard, open_store(folder).check())))
try:
    open_store(folder).write(identity())
except StorageError as error:
    print(error)
""",
        readable_folder,
    )
    seen, refusal = done(asked).splitlines()
    for reader in readers:
        reader.close()
    for path in [readable_folder, *readable_folder.rglob("*")]:
        path.chmod(0o755)
    assert seen == repr((before, [], []))
    assert "check the folder's permissions" in refusal


@pytest.mark.parametrize("number", [2, 99])
def test_an_index_of_another_format_is_refused_and_left_as_it_is(tmp_path: Path, number: int) -> None:
    folder = tmp_path / ".simsearch"
    fill(open_store(folder))
    with closing(sqlite3.connect(folder / "index.db")) as connection:
        connection.execute(f"PRAGMA user_version = {number}")
    content = (folder / "index.db").read_bytes()
    for act in (
        open_store(folder).exists,
        open_store(folder).read,
        lambda: open_store(folder).write(identity()),
    ):
        with pytest.raises(OtherFormat, match=f"format {number}.*index.db and run `simsearch index` again"):
            act()
    with pytest.raises(OtherFormat):
        open_store(folder).check()
    assert (folder / "index.db").read_bytes() == content
    (folder / "index.db").unlink()
    fill(open_store(folder))
    assert len(view(open_store(folder)).files) == len(ANIMALS)


def test_a_database_without_a_table_is_said_to_be_damaged(tmp_path: Path) -> None:
    fill(open_store(tmp_path))
    with closing(sqlite3.connect(tmp_path / "index.db")) as connection:
        connection.execute("DROP TABLE fields")
    with closing(open_store(tmp_path).read()) as reader, pytest.raises(StorageError, match="delete the file"):
        reader.fields()


def test_filters_keep_to_what_is_there(tmp_path: Path) -> None:
    store = open_store(tmp_path / ".simsearch")
    for year in (1999, 2020):
        with store.write(identity()) as writer:
            put(writer, "docs/a.md", "one fox", metadata={"year": year, "no": float("nan"), "gone": None})
            put(writer, "docs/b.md", f"in {year}", metadata={'\ud800"': "\ud800\0"})
            writer.remove(["docs/b.md"])
            writer.finish()
    with closing(store.read()) as reader:
        assert reader.fields() == ["path", "id", "title", "year"]
        assert reader.count(FieldComparison("year", ":", "1999")) == 0
        assert reader.count(FieldComparison("year", ">=", "1999")) == 1


def test_vectors_that_are_none_are_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path / ".simsearch")
    with store.write(identity()) as writer:
        for wrong in (MODEL.encode(["a"])[:, :5], MODEL.encode(["a"]) * float("nan")):
            with pytest.raises(StorageError, match=MODEL.name):
                writer.put_vectors(["key"], wrong)
    fill(store)
    with closing(store.read()) as reader, pytest.raises(StorageError, match="length 16"):
        reader.search(MODEL.encode(["a"])[:, :5], 3)
