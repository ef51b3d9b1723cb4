"""Indexed folders and files that no longer exist are named, and roots are listed with their last run."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from simsearch.home import Home
from simsearch.indexing import find_missing
from simsearch.storage.protocols import FileRecord
from tests.conftest import Run
from tests.support.hashed_words import indexed


def test_a_renamed_folder_is_named_by_index_status_and_check(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/a.txt": "heron", "docs/b.txt": "zebra", "more/c.txt": "otter"})
    assert workspace.missing() == ()
    (tmp_path / "docs").rename(tmp_path / "archive")
    report = workspace.index(tmp_path / "archive")
    assert [(gone.root, gone.files, gone.whole) for gone in report.missing_roots] == [("docs", 2, True)]
    assert report.roots == ("archive",)
    assert [gone.root for gone in workspace.index(tmp_path / "archive").missing_roots] == ["docs"]
    assert [gone.root for gone in workspace.missing()] == ["docs"]
    roots = {root.root: root for root in workspace.status().roots}
    assert {name: (root.files, root.exists) for name, root in roots.items()} == {
        "archive": (2, True), "docs": (2, False), "more": (1, True)
    }  # fmt: skip
    assert all(root.indexed and root.indexed.endswith("Z") for root in roots.values())
    workspace.forget(tmp_path / "docs")
    assert workspace.missing() == () and len(workspace.status().roots) == 2


def test_a_deleted_file_is_named_until_its_folder_is_indexed(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/a.txt": "heron", "docs/b.txt": "zebra"})
    (tmp_path / "docs/b.txt").unlink()
    (gone,) = workspace.missing()
    assert (gone.root, gone.files, gone.example, gone.whole) == ("docs", 1, "docs/b.txt", False)
    assert "1 file of docs no longer exists, such as docs/b.txt" in str(gone)
    workspace.index(tmp_path / "docs")
    assert workspace.missing() == ()


def test_a_run_of_a_part_is_not_a_run_of_the_root(tmp_path: Path) -> None:
    workspace = indexed(tmp_path, {"docs/a.txt": "heron", "docs/deep/b.txt": "zebra"})
    Home(workspace.home).run_times.write_text(json.dumps({"docs": "2020-01-01T00:00:00Z"}))
    assert workspace.index(tmp_path / "docs/deep").roots == ()
    assert [root.indexed for root in workspace.status().roots] == ["2020-01-01T00:00:00Z"]
    for damaged in ("", "[]", "{"):
        Home(workspace.home).run_times.write_text(damaged)
        assert [root.indexed for root in workspace.status().roots] == [None]


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["", "a", "b"]), min_size=1))
def test_every_missing_file_is_counted_once(places: dict[str, str]) -> None:
    files = [
        FileRecord(f"no such {root}/{name}", f"no such {root}", "", 0, 0) for name, root in places.items()
    ]
    assert sum(gone.files for gone in find_missing(files, Path("/"))) == len(files)


def test_status_and_check_say_so(run: Run, tmp_path: Path) -> None:
    indexed(tmp_path, {"docs/a.txt": "heron", "more/b.txt": "zebra"})
    (tmp_path / "docs").rename(tmp_path / "archive")
    (tmp_path / "more/b.txt").unlink()
    checked = run("check")
    assert "docs no longer exists" in checked.out and "such as more/b.txt" in checked.out
    assert [one["root"] for one in run("check", "--format", "json").json["missing"]] == ["docs", "more"]
    shown = run("status").out
    assert "docs: 1 file, last indexed 2" in shown and "it no longer exists" in shown
