"""Indexes of URLs, as of folders: over HTTP with a real server, and with fsspec's file system in memory."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import fsspec
import pytest

from simsearch import InputError, Workspace
from simsearch.indexing import IndexReport
from simsearch.locations.urls import _state
from simsearch.settings import IndexSettings
from tests.support.file_server import FileServer, serve_files
from tests.support.hashed_words import HashedWords, open_workspace

LONG_AGO = time.time() - 3600
TEXTS = {"a.md": "The heron wades.", "b.txt": "A zebra runs.", "deep/c.md": "Otters swim at dawn."}


class Tree(Protocol):
    """Files at a URL."""

    url: str

    def write(self, name: str, text: str, modified: float = LONG_AGO) -> None: ...

    def remove(self, name: str) -> None: ...


class Served:
    def __init__(self, folder: Path, server: FileServer) -> None:
        self._folder = folder
        self.server = server
        self.url = f"{server.url}/docs"

    def write(self, name: str, text: str, modified: float = LONG_AGO) -> None:
        file = self._folder / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        os.utime(file, (modified, modified))

    def remove(self, name: str) -> None:
        (self._folder / "docs" / name).unlink()


class InMemory:
    url = "memory://bucket/docs"

    def __init__(self) -> None:
        self._system = fsspec.filesystem("memory")

    def write(self, name: str, text: str, modified: float = LONG_AGO) -> None:
        self._system.pipe(f"{self.url}/{name}", text.encode())

    def remove(self, name: str) -> None:
        self._system.rm(f"{self.url}/{name}")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "served"
    folder.mkdir()
    with serve_files(folder) as server:
        tree = Served(folder, server)
        for name, text in TEXTS.items():
            tree.write(name, text)
        yield tree


@pytest.fixture
def in_memory() -> Iterator[InMemory]:
    tree = InMemory()
    for name, text in TEXTS.items():
        tree.write(name, text)
    yield tree
    fsspec.filesystem("memory").rm("/bucket", recursive=True)


@pytest.fixture(params=["served", "in_memory"])
def tree(request: pytest.FixtureRequest) -> Tree:
    found: Tree = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def embedder() -> HashedWords:
    return HashedWords()


@pytest.fixture
def ws(tmp_path: Path, embedder: HashedWords) -> Workspace:
    return open_workspace(tmp_path, embedder)


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


def test_what_is_added_changed_renamed_and_removed_is_seen(
    tree: Tree, ws: Workspace, embedder: HashedWords
) -> None:
    report = ws.index(f"{tree.url}/")
    assert (counts(report), report.roots, report.skipped) == ((3, 0, 0, 0), (tree.url,), ())
    (hit, *_) = ws.query("zebra", k=1)
    assert (hit.path, hit.id, hit.missing) == (f"{tree.url}/b.txt", "docs/b.txt", False)
    embedder.embedded.clear()
    tree.write("a.md", "The stork wades.", LONG_AGO + 60)
    tree.write("new.md", "Badgers dig.")
    tree.remove("b.txt")
    tree.remove("deep/c.md")
    tree.write("deep/d.md", TEXTS["deep/c.md"])
    assert counts(ws.index(tree.url)) == (2, 1, 2, 0)
    assert set(embedder.embedded) == {"The stork wades.", "Badgers dig."}
    assert {hit.path for hit in ws.query("wades dig swim zebra", k=9)} == {
        f"{tree.url}/{name}" for name in ("a.md", "new.md", "deep/d.md")
    }


def test_an_index_of_a_url_can_be_read_listed_filtered_and_forgotten(tree: Tree, ws: Workspace) -> None:
    (ws.folder / "notes").mkdir()
    (ws.folder / "notes/mine.md").write_text("A heron of my own.")
    ws.index(tree.url, ws.folder / "notes")
    assert ws.get(f"{tree.url}/deep/c.md")[0].text == TEXTS["deep/c.md"]
    assert {(root.root, root.files, root.exists) for root in ws.status().roots} == {
        (tree.url, 3, True), ("notes", 1, True)
    }  # fmt: skip
    assert (ws.missing(), ws.check()) == ((), [])
    (hit,) = ws.query("heron", where=[f'path:"{tree.url}/*.md" and not path:*deep*'])
    assert hit.path == f"{tree.url}/a.md"
    assert ws.forget(f"{tree.url}/deep") == 1
    assert ws.forget(tree.url) == 2
    assert [root.root for root in ws.status().roots] == ["notes"]


def test_a_part_of_a_root_and_one_file_are_urls_too(tree: Tree, ws: Workspace) -> None:
    ws.index(tree.url)
    tree.write("deep/e.md", "Foxes sleep.")
    tree.write("f.md", "Not looked at.")
    assert counts(ws.index(f"{tree.url}/deep")) == (1, 0, 0, 1)
    assert counts(ws.index(f"{tree.url}/f.md")) == (1, 0, 0, 0)
    assert [(root.root, root.files) for root in ws.status().roots] == [(tree.url, 5)]


def test_the_rules_of_folders_hold(tree: Tree, ws: Workspace) -> None:
    tree.write(".gitignore", "drafts/\n")
    tree.write("drafts/x.md", "Unfinished.")
    tree.write(".hidden.md", "Hidden.")
    tree.write("large.txt", "word " * 100)
    report = ws.index(tree.url, exclude=["b.*"], largest_file=100)
    assert {(skipped.path, skipped.reason.partition(" (")[0]) for skipped in report.skipped} == {
        (f"{tree.url}/.gitignore", "hidden"),
        (f"{tree.url}/.hidden.md", "hidden"),
        (f"{tree.url}/b.txt", "excluded"),
        (f"{tree.url}/drafts", "ignored folder"),
        (f"{tree.url}/large.txt", "larger than 0.0001 MB"),
    }
    assert report.added == 2


def test_the_paths_of_the_settings_may_be_urls(served: Served, tmp_path: Path) -> None:
    ws = open_workspace(tmp_path, index=IndexSettings(model="hashed-words", paths=(served.url,)))
    assert counts(ws.index()) == (3, 0, 0, 0)
    assert counts(ws.index()) == (0, 0, 0, 3)


def test_an_unchanged_run_fetches_no_file(served: Served, ws: Workspace) -> None:
    ws.index(served.url)
    served.server.requests.clear()
    assert counts(ws.index(served.url)) == (0, 0, 0, 3)
    assert not [request for request in served.server.requests if request.startswith("GET") and "." in request]


def test_a_new_tag_is_a_change_even_if_size_and_time_are_the_same(served: Served, ws: Workspace) -> None:
    served.server.tags["/docs/a.md"] = '"one"'
    ws.index(served.url)
    served.write("a.md", TEXTS["a.md"].replace("heron", "stork"))
    assert counts(ws.index(served.url)) == (0, 0, 0, 3)  # nothing tells
    served.server.tags["/docs/a.md"] = '"two"'
    assert counts(ws.index(served.url)) == (0, 1, 0, 2)


def test_a_server_that_is_gone_leaves_the_index_as_it_is(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    with serve_files(tmp_path / "served") as server:
        (tmp_path / "served/a.md").write_text("The heron wades.")
        ws.index(server.url)
    with pytest.raises(InputError, match=r"can't be reached: Cannot connect .* The index is as it was\.$"):
        ws.index(server.url)
    assert [hit.path for hit in ws.query("heron")] == [f"{server.url}/a.md"]
    assert [root.root for root in ws.status().roots] == [server.url] and ws.missing() == ()


def test_what_a_server_fails_to_answer_stays_in_the_index(served: Served, ws: Workspace) -> None:
    ws.index(served.url)
    served.server.failing |= {"/docs/a.md", "/docs/deep/"}
    report = ws.index(served.url)
    assert counts(report)[2:] == (0, 1)
    assert {skipped.path for skipped in report.skipped} == {f"{served.url}/a.md", f"{served.url}/deep"}
    assert all("503" in skipped.reason for skipped in report.skipped)
    assert len(ws.query("heron zebra otters", k=9)) == 3
    served.server.failing.clear()
    assert counts(ws.index(served.url)) == (0, 0, 0, 3)


def test_a_page_that_does_not_tell_its_size_is_skipped_by_name(served: Served, ws: Workspace) -> None:
    served.server.sizeless.add("/docs/a.md")
    (skipped,) = ws.index(served.url).skipped
    assert (skipped.path, skipped.reason) == (
        f"{served.url}/a.md", "unreadable: the server doesn't tell its size"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nosuch://bucket/docs", "Protocol not known: nosuch"),
        ("smb://host/docs", r"needs a package that is not installed .*smbprotocol"),
        ("https://me:secret@host/docs", "The URL of host has a password"),
        ("zip://docs::https://host/a.zip", "without '::'"),
        ("file:///tmp", "give the path of the folder"),
        ("memory://nothing/here", "does not exist"),
        ("memory://", r"memory:// names no folder\.$"),
    ],
)
def test_a_url_that_can_not_be_read_is_one_sentence(ws: Workspace, url: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        ws.index(url)
    assert "\n" not in str(caught.value) and "secret" not in str(caught.value)
    assert not ws.store.exists()


def test_two_urls_of_one_name_are_refused(in_memory: InMemory, served: Served, ws: Workspace) -> None:
    with pytest.raises(InputError, match="are both called 'docs'"):
        ws.index(in_memory.url, served.url)


def test_a_url_is_not_watched(served: Served, ws: Workspace) -> None:
    with pytest.raises(InputError, match="A URL can't be watched"):
        next(ws.watch(served.url))


@pytest.mark.parametrize(
    "time",
    ["2026-11-30T08:00:00+00:00", "Mon, 30 Nov 2026 08:00:00 GMT", 1796025600, "2026-11-30T08:00:00Z"],
)
def test_times_are_read_as_any_file_system_writes_them(time: object) -> None:
    assert _state({"size": 1, "LastModified": time}).st_mtime_ns == 1796025600 * 10**9
    assert _state({"size": 1, "updated": time, "etag": "x"}).st_mtime_ns // 10**9 == 1796025600
