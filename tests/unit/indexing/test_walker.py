"""The walker: which files it finds, and why it passes over the others."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simsearch.indexing import FileFilter, Skipped
from simsearch.indexing.changes import compare, scan
from simsearch.indexing.roots import find_roots
from simsearch.indexing.walker import MOST_COUNTED, FoundFile, Unseen, walk

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="what is made here exists on POSIX systems only")
NOBODY = 65534


def make(folder: Path, *paths: str, **contents: str) -> None:
    for path in paths:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(contents.get(path, "text"))


def ignore(file: Path, *lines: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines))


def found(folder: Path, root: Path | None = None, **file_filter: object) -> list[str]:
    items = walk(folder, FileFilter(**file_filter), root)  # type: ignore[arg-type]
    return [os.path.relpath(item.path, folder) for item in items if isinstance(item, FoundFile)]


def skipped(folder: Path, **file_filter: object) -> dict[str, str]:
    items = walk(folder, FileFilter(**file_filter))  # type: ignore[arg-type]
    return {os.path.relpath(i.path, folder): i.reason for i in items if isinstance(i, Skipped)}


@contextmanager
def without_rights() -> Iterator[None]:
    """Root may read everything, so a test of what can't be read is done as nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may look into, as pytest's own can't be."""
    folder = Path(tempfile.mkdtemp(prefix="simsearch-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_files_come_in_order_and_each_once(tmp_path: Path) -> None:
    """Those of a folder by name, then those of the folders in it."""
    make(tmp_path, "az.md", "a/z.md", "a/b/c.md", "c/a.md", "ba.md")
    assert found(tmp_path) == ["az.md", "ba.md", "a/z.md", "a/b/c.md", "c/a.md"]


def test_a_file_can_be_a_root_whatever_its_name(tmp_path: Path) -> None:
    make(tmp_path, ".notes.md")
    ignore(tmp_path / ".gitignore", "*.md")
    assert [item.path for item in walk(tmp_path / ".notes.md")] == [f"{tmp_path.as_posix()}/.notes.md"]


@pytest.mark.parametrize("name", [".gitignore", ".simsearchignore"])
def test_ignore_files_hold_at_every_level(tmp_path: Path, name: str) -> None:
    make(
        tmp_path,
        "a.md",
        "a.log",
        "build/x.md",
        "deep/a.log",
        "deep/keep.log",
        "deep/b/local.md",
        "deep/local.md",
    )
    ignore(tmp_path / name, "*.log", "/build/", "# a comment", "")
    ignore(tmp_path / "deep" / name, "!keep.log", "/local.md")
    assert found(tmp_path) == ["a.md", "deep/keep.log", "deep/b/local.md"]
    reasons = skipped(tmp_path)
    assert reasons["a.log"] == "ignored"
    assert reasons["build"] == "ignored folder"


def test_simsearchignore_has_the_last_word(tmp_path: Path) -> None:
    make(tmp_path, "generated.md", "private.md")
    ignore(tmp_path / ".gitignore", "generated.md")
    ignore(tmp_path / ".simsearchignore", "!generated.md", "private.md")
    assert found(tmp_path) == ["generated.md"]


def test_the_repository_around_a_root_is_heard(tmp_path: Path) -> None:
    make(tmp_path, "repo/docs/a.md", "repo/docs/a.tmp")
    (tmp_path / "repo/.git").mkdir()
    ignore(tmp_path / "repo/.gitignore", "*.tmp")
    ignore(tmp_path / ".gitignore", "*.md")  # outside the repository: not ours
    assert found(tmp_path / "repo/docs") == ["a.md"]


def test_an_ignored_folder_that_someone_names_is_walked(tmp_path: Path) -> None:
    make(tmp_path, "repo/out/a.md")
    (tmp_path / "repo/.git").mkdir()
    ignore(tmp_path / "repo/.gitignore", "out/")
    assert found(tmp_path / "repo/out") == ["a.md"]


def test_an_ignore_file_that_is_no_file_or_no_pattern_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "b.md")
    (tmp_path / ".simsearchignore").mkdir()
    (tmp_path / ".gitignore").write_bytes(b"!\n[\n\xff\xfe\nb.md\n")
    assert found(tmp_path) == ["a.md"]


def test_an_ignore_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "b.md")
    (tmp_path / ".gitignore").write_text("b.md\n", encoding="utf-8-sig")
    assert found(tmp_path) == ["a.md"]


def test_include_and_exclude_are_patterns_from_the_root(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "a.txt", "sub/b.md", "sub/c.rst", "drafts/d.md")
    assert found(tmp_path, include=("*.md",), exclude=("drafts/",)) == ["a.md", "sub/b.md"]
    assert found(tmp_path, include=("/sub/",)) == ["sub/b.md", "sub/c.rst"]
    reasons = skipped(tmp_path, include=("*.md",), exclude=("drafts/", "sub/b.md"))
    assert reasons == {
        "a.txt": "not included",
        "sub/c.rst": "not included",
        "sub/b.md": "excluded",
        "drafts": "excluded folder",
    }


def test_hidden_files_and_other_tools_folders_are_passed_over_and_counted(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a.md",
        ".hidden.md",
        ".venv/x/y.md",
        ".venv/z.md",
        "node_modules/m/i.md",
        "__pycache__/c.md",
    )
    items = [item for item in walk(tmp_path) if isinstance(item, Skipped)]
    assert {Path(item.path).name: (item.reason, item.files) for item in items} == {
        ".hidden.md": ("hidden", 1),
        ".venv": ("hidden folder", 2),
        "node_modules": ("ignored folder", 1),
        "__pycache__": ("ignored folder", 1),
    }


def test_counting_a_folder_that_is_passed_over_has_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, *(f".cache/{number}" for number in range(50)))
    monkeypatch.setattr("simsearch.indexing.walker.MOST_COUNTED", 20)
    assert MOST_COUNTED > 20
    assert [item.files for item in walk(tmp_path) if isinstance(item, Skipped)] == [20]


def test_simsearchs_own_folder_is_no_news(tmp_path: Path) -> None:
    make(tmp_path, ".simsearch/index/x", "a.md")
    assert (found(tmp_path), skipped(tmp_path)) == (["a.md"], {})


@POSIX
def test_links_are_never_followed(tmp_path: Path) -> None:
    make(tmp_path, "root/a.md", "outside/secret.md")
    root = tmp_path / "root"
    (root / "loop").symlink_to(root)
    (root / "itself").symlink_to("itself")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "file.md").symlink_to(tmp_path / "outside/secret.md")
    (root / "gone.md").symlink_to("nowhere")
    assert found(root) == ["a.md"]
    assert skipped(root) == dict.fromkeys(["loop", "itself", "out", "file.md", "gone.md"], "symbolic link")


@POSIX
def test_a_link_that_someone_names_is_followed(tmp_path: Path) -> None:
    make(tmp_path, "real/a.md")
    (tmp_path / "link").symlink_to("real")
    assert found(tmp_path / "link") == ["a.md"]


@POSIX
def test_pipes_and_sockets_are_not_opened(tmp_path: Path) -> None:
    make(tmp_path, "a.md")
    os.mkfifo(tmp_path / "pipe.md")
    assert (found(tmp_path), skipped(tmp_path)) == (["a.md"], {"pipe.md": "not a regular file"})


@POSIX
def test_names_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "größe/ä.md")
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("text")
    folder = tmp_path / os.fsdecode(b"\xff")
    folder.mkdir()
    make(folder, "b.md", "c.md")
    assert found(tmp_path) == ["a.md", "größe/ä.md"]
    items = [item for item in walk(tmp_path) if isinstance(item, Skipped)]
    assert sorted((Path(i.path).name, i.reason, i.files) for i in items) == [
        ("\\udcff", "name is not UTF-8", 2),
        ("caf\\udce9.md", "name is not UTF-8", 1),
    ]


@POSIX
def test_a_folder_that_cannot_be_listed_is_named_and_its_files_are_not_gone(open_folder: Path) -> None:
    make(open_folder, "docs/a.md", "docs/shut/b.md")
    before = {
        candidate.record.path: candidate.record
        for candidate in scan(
            find_roots([open_folder / "docs"], open_folder, ()), open_folder, FileFilter()
        ).files
    }
    (open_folder / "docs/shut").chmod(0)
    with without_rights():
        items = [item for item in walk(open_folder / "docs") if not isinstance(item, FoundFile)]
        later = scan(find_roots([open_folder / "docs"], open_folder, ()), open_folder, FileFilter())
    (open_folder / "docs/shut").chmod(0o755)
    assert [(type(i), Path(i.path).name, i.reason) for i in items] == [
        (Unseen, "shut", "unreadable folder: Permission denied")
    ]
    assert compare(later, before).removed == ()


def test_files_larger_than_the_limit_are_named(tmp_path: Path) -> None:
    make(tmp_path, "small.md")
    (tmp_path / "large.md").write_bytes(b"x" * 2_000_000)
    assert found(tmp_path, largest=1_500_000) == ["small.md"]
    assert skipped(tmp_path, largest=1_500_000) == {"large.md": "larger than 1.5 MB (index.largest_file)"}


@POSIX
def test_folders_may_lie_deeper_than_pythons_stack(tmp_path: Path) -> None:
    folder = tmp_path
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(1200):  # a path of one letter a folder; the system's limit is 4096
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    file = os.open("a.md", os.O_WRONLY | os.O_CREAT, dir_fd=descriptor)
    os.close(file)
    os.close(descriptor)
    try:
        assert found(tmp_path) == ["d/" * 1200 + "a.md"]
    finally:
        while (tmp_path / "d").exists():  # flatten from above: rmtree recurses
            (tmp_path / "d").rename(tmp_path / "top")
            for item in list((tmp_path / "top").iterdir()):
                item.rename(tmp_path / item.name)
            (tmp_path / "top").rmdir()
