"""What the last run of each folder skipped is remembered."""

from pathlib import Path

from simsearch import Workspace
from tests.support.hashed_words import open_workspace


def broken(workspace: Workspace, *paths: str) -> None:
    for path in paths:
        (workspace.folder / path).parent.mkdir(exist_ok=True)
        (workspace.folder / path).write_bytes(b"\0\1\2\0 not a text")


def skipped(workspace: Workspace) -> list[str]:
    return sorted(one.path for one in workspace.skipped())


def test_skipped_files_are_those_of_the_last_run_of_each_folder(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    assert skipped(workspace) == []
    broken(workspace, "one/a.txt", "two/b.txt")
    (tmp_path / "one" / "ant.txt").write_text("the ant")
    (tmp_path / "two" / "bee.txt").write_text("the bee")
    report = workspace.index(tmp_path / "one", tmp_path / "two")
    assert workspace.skipped() == report.skipped and skipped(workspace) == ["one/a.txt", "two/b.txt"]
    (tmp_path / "one" / "a.txt").write_text("a text now")
    workspace.index(tmp_path / "one")
    assert skipped(workspace) == ["two/b.txt"]
    workspace.index(tmp_path / "two", dry_run=True)
    assert skipped(workspace) == ["two/b.txt"]
    workspace.forget(tmp_path / "two")
    assert skipped(workspace) == []


def test_a_damaged_record_counts_as_none(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    broken(workspace, "one/a.txt")
    (tmp_path / "one" / "ant.txt").write_text("the ant")
    workspace.index(tmp_path / "one")
    (workspace.home / "skipped.json").write_text("[{}")
    assert skipped(workspace) == []
    workspace.index(tmp_path / "one")
    assert skipped(workspace) == ["one/a.txt"]
