"""Runs of `index` over a folder that changes: only what changed is read again, and a text is embedded once."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from simsearch import Component, Document, InputError, UnreadableFile, Workspace, hookimpl
from simsearch.indexing import IndexReport, Skipped
from simsearch.plugins.discovery import Found, Origin
from simsearch.storage.protocols import ChunkRecord
from simsearch.types import Notice, Progress, Role, Vectors, View
from tests.support.file_samples import book
from tests.support.hashed_words import HashedWords, open_workspace

HOUR = 3_600_000_000_000
LONG_AGO = time.time_ns() - HOUR


@pytest.fixture
def engine() -> HashedWords:
    return HashedWords()


@pytest.fixture
def ws(tmp_path: Path, engine: HashedWords) -> Iterator[Workspace]:
    write(tmp_path / "docs/a.md", "# Apples\n\nApples are red.")
    write(tmp_path / "docs/b.md", "# Bread\n\nBread is brown.")
    write(tmp_path / "docs/sub/c.txt", "Cherries are sour.")
    yield open_workspace(tmp_path, engine)


def write(file: Path, text: str | bytes, modified: int = LONG_AGO) -> None:
    """Write a file that looks settled: its time is past."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(file, ns=(modified, modified))


def index(ws: Workspace, *paths: str, **tune_settings: object) -> IndexReport:
    return ws.index(*(ws.folder / path for path in paths or ("docs",)), **tune_settings)  # type: ignore[arg-type]


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


def chunks(ws: Workspace) -> list[ChunkRecord]:
    with closing(ws.store.read()) as reader:
        return list(reader.every_chunk())


def texts(ws: Workspace) -> dict[str, str]:
    return {chunk.path: chunk.text for chunk in chunks(ws)}


def test_the_first_run_adds_all_and_the_second_does_nothing(ws: Workspace, engine: HashedWords) -> None:
    assert counts(index(ws)) == (3, 0, 0, 0)
    assert [chunk.id for chunk in chunks(ws)] == ["docs/a.md", "docs/b.md", "docs/sub/c.txt"]
    before = list(engine.embedded)
    report = index(ws)
    assert (counts(report), report.chunks, report.embedded) == ((0, 0, 0, 3), 0, 0)
    assert engine.embedded == before


def test_what_was_added_changed_and_removed_is_counted_and_true(ws: Workspace, engine: HashedWords) -> None:
    index(ws)
    engine.embedded.clear()
    write(ws.folder / "docs/a.md", "# Apples\n\nApples are green.", LONG_AGO + 1)
    write(ws.folder / "docs/d.md", "Dates are sweet.")
    (ws.folder / "docs/b.md").unlink()
    assert counts(index(ws)) == (1, 1, 1, 1)
    assert sorted(engine.embedded) == ["# Apples\n\nApples are green.", "Dates are sweet."]
    assert sorted(texts(ws)) == ["docs/a.md", "docs/d.md", "docs/sub/c.txt"]
    assert "green" in texts(ws)["docs/a.md"]


@pytest.mark.parametrize("gone", ["segments/*.faiss", "words/*/meta.json"])
@pytest.mark.parametrize("left", [None, b"short"])
def test_a_derived_file_is_rebuilt_though_nothing_has_changed(
    ws: Workspace, engine: HashedWords, gone: str, left: bytes | None
) -> None:
    index(ws)
    engine.embedded.clear()
    for path in ws.home.glob(gone):
        path.unlink()
        if left is not None:
            path.write_bytes(left)
    assert ws.check()
    assert (counts(index(ws)), engine.embedded) == ((0, 0, 0, 3), [])
    assert ws.check() == []


def test_a_file_that_was_only_touched_is_unchanged(ws: Workspace, engine: HashedWords) -> None:
    index(ws)
    engine.embedded.clear()
    write(ws.folder / "docs/a.md", "# Apples\n\nApples are red.", LONG_AGO + 5)
    report = index(ws)
    assert (counts(report), engine.embedded) == ((0, 0, 0, 3), [])


def test_a_change_within_one_tick_of_the_clock_is_seen(ws: Workspace) -> None:
    soon = (
        time.time_ns() + HOUR
    )  # within a tick of now, however long the machine takes until it reads the file
    write(ws.folder / "docs/a.md", "one", soon)
    index(ws)
    write(ws.folder / "docs/a.md", "two", soon)
    assert counts(index(ws)) == (0, 1, 0, 2)
    assert texts(ws)["docs/a.md"] == "two"


def test_a_change_of_size_is_seen_whatever_the_time_says(ws: Workspace) -> None:
    index(ws)
    write(ws.folder / "docs/a.md", "# Apples\n\nApples are red and sweet.", LONG_AGO)
    assert counts(index(ws)) == (0, 1, 0, 2)


def test_a_file_that_is_ignored_from_now_on_is_dropped(ws: Workspace) -> None:
    index(ws)
    write(ws.folder / "docs/.gitignore", "b.md\n")
    assert counts(index(ws)) == (0, 0, 1, 2)


def test_files_of_a_root_around_the_workspace_are_named_from_within(tmp_path: Path) -> None:
    write(tmp_path / "outside.md", "Outside")
    write(tmp_path / "mine/inside.md", "Inside")
    ws = open_workspace(tmp_path / "mine")
    ws.index(tmp_path)
    assert sorted(texts(ws)) == ["../outside.md", "inside.md"]


def test_a_renamed_file_keeps_its_vectors(ws: Workspace, engine: HashedWords) -> None:
    index(ws)
    engine.embedded.clear()
    (ws.folder / "docs/a.md").rename(ws.folder / "docs/sub/renamed.md")
    shutil.move(ws.folder / "docs/sub/c.txt", ws.folder / "docs/c.txt")
    report = index(ws)
    assert (report.added, report.removed, report.chunks, report.embedded) == (2, 2, 2, 0)
    assert engine.embedded == []
    assert [hit.path for hit in ws.query("Apples are red", k=1, mode="dense")] == ["docs/sub/renamed.md"]


def test_a_file_that_appears_twice_is_embedded_once_and_found_twice(
    ws: Workspace, engine: HashedWords
) -> None:
    write(ws.folder / "docs/copy of a.md", "# Apples\n\nApples are red.")
    report = index(ws)
    assert (report.added, report.chunks, report.embedded) == (4, 4, 3)
    assert len(engine.embedded) == len(set(engine.embedded)) == 3
    assert len([path for path in texts(ws) if path in ("docs/a.md", "docs/copy of a.md")]) == 2


def test_a_part_of_a_root_can_be_brought_up_to_date_by_itself(ws: Workspace) -> None:
    index(ws)
    write(ws.folder / "docs/sub/c.txt", "Cherries are sweet.", LONG_AGO + 1)
    (ws.folder / "docs/a.md").unlink()
    assert counts(index(ws, "docs/sub")) == (0, 1, 0, 0)
    assert "docs/a.md" in texts(ws)


def test_a_root_removes_only_what_was_under_it(ws: Workspace) -> None:
    write(ws.folder / "notes/n.md", "Notes")
    index(ws)
    assert counts(index(ws, "notes")) == (1, 0, 0, 0)
    assert len(texts(ws)) == 4
    shutil.rmtree(ws.folder / "docs/sub")
    assert counts(index(ws, "notes")) == (0, 0, 0, 1)
    assert counts(index(ws, "docs", "notes")) == (0, 0, 1, 3)


def test_a_root_around_another_takes_it_over(ws: Workspace, engine: HashedWords) -> None:
    index(ws, "docs/sub")
    engine.embedded.clear()
    index(ws, "docs")
    assert len(engine.embedded) == 2
    assert sorted(texts(ws)) == ["docs/a.md", "docs/b.md", "docs/sub/c.txt"]


def test_two_roots_of_one_name_are_refused(ws: Workspace) -> None:
    write(ws.folder / "other/docs/x.md", "x")
    index(ws)
    with pytest.raises(InputError, match="both called 'docs'"):
        index(ws, "other/docs")


def test_a_root_that_is_gone_says_what_to_do(ws: Workspace) -> None:
    index(ws)
    shutil.rmtree(ws.folder / "docs")
    with pytest.raises(InputError, match="simsearch forget"):
        index(ws)
    assert ws.forget(ws.folder / "docs") == 3
    assert texts(ws) == {}


def test_a_dry_run_says_the_same_and_changes_nothing(ws: Workspace, engine: HashedWords) -> None:
    planned = index(ws, dry_run=True)
    assert (counts(planned), ws.store.exists(), engine.embedded) == ((3, 0, 0, 0), False, [])
    index(ws)
    write(ws.folder / "docs/a.md", "changed", LONG_AGO + 1)
    write(ws.folder / "docs/e.md", "new")
    (ws.folder / "docs/b.md").unlink()
    before = chunks(ws)
    planned = index(ws, dry_run=True)
    assert chunks(ws) == before
    assert counts(planned) == counts(index(ws)) == (1, 1, 1, 1)


def test_another_chunker_rebuilds_the_index_and_embeds_only_new_strings(
    ws: Workspace, engine: HashedWords
) -> None:
    index(ws)
    engine.embedded.clear()
    notices: list[str] = []
    ws.registry.listen("notices", _Listener(notices))
    report = index(ws, chunker="sentences")
    assert counts(report) == (0, 0, 0, 3)
    assert "it was made with structure; the current one is sentences" in notices[0]
    assert all("# " in text or "." in text for text in engine.embedded)
    assert sorted({chunk.path for chunk in chunks(ws)}) == ["docs/a.md", "docs/b.md", "docs/sub/c.txt"]


def test_what_cannot_be_read_is_named_and_the_rest_is_indexed(ws: Workspace) -> None:
    write(ws.folder / "docs/binary.dat", b"\x00\x01\x02")
    write(ws.folder / "docs/latin.txt", "café".encode("latin-1"))
    write(ws.folder / "docs/picture.txt", b"\x89PNG\r\n\x1a\n....")
    write(ws.folder / "docs/broken.jsonl", b'{"text": "a"}\n{"text": ')
    report = index(ws)
    assert report.added == 4
    assert [(notice.path, notice.notice) for notice in report.notices] == [
        ("docs/latin.txt", "encoding guessed: Windows-1252")
    ]
    assert {Path(skipped.path).name: skipped.reason for skipped in report.skipped} == {
        "binary.dat": "binary",
        "picture.txt": "binary",
        "broken.jsonl": "row 2: this is not valid JSON (Expecting value); each line must be one whole value",
    }


def test_a_file_that_can_no_longer_be_read_is_dropped(ws: Workspace) -> None:
    index(ws)
    write(ws.folder / "docs/a.md", b"\x00\x00", LONG_AGO + 1)
    report = index(ws)
    assert (report.changed, report.removed, [s.path for s in report.skipped]) == (0, 1, ["docs/a.md"])
    assert "docs/a.md" not in texts(ws)


@pytest.fixture
def mazes(ws: Workspace) -> Iterator[list[str]]:
    """The .maze files that were read; none has a way out."""
    yield add_mazes(ws)


def add_mazes(ws: Workspace, version: str = "1") -> list[str]:
    tried: list[str] = []

    def read(path: Path, content: bytes) -> list[Document]:
        tried.append(path.name)
        raise UnreadableFile("takes longer than 60 s")

    class Plugin:
        @hookimpl
        def simsearch_readers(self) -> list[Component]:
            return [Component("maze", "Mazes", lambda: read, (".maze",))]

    ws.registry.add(Found(Origin("maze", "mazes", version, "tests"), Plugin))
    return tried


def test_a_file_that_took_long_and_was_refused_is_not_tried_again_until_it_changes(
    ws: Workspace, engine: HashedWords, mazes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simsearch.indexing.work.LONG", 0.0)
    write(ws.folder / "docs/a.maze", "maze")
    first = index(ws)
    assert (counts(first), first.skipped) == (
        (3, 0, 0, 0),
        (Skipped("docs/a.maze", "takes longer than 60 s"),),
    )
    again = index(ws)
    assert (counts(again), again.skipped) == ((0, 0, 0, 3), first.skipped)
    assert mazes == ["a.maze"]
    write(ws.folder / "docs/a.maze", "another maze")
    assert index(ws).skipped == first.skipped
    write(ws.folder / "docs/a.maze", "another maze", LONG_AGO + 1)
    assert index(ws).skipped == first.skipped
    assert mazes == ["a.maze"] * 3
    newer = open_workspace(ws.folder, engine)
    tried = add_mazes(newer, "2")
    assert index(newer).skipped == first.skipped
    assert tried == ["a.maze"]


def test_a_file_that_is_refused_at_once_is_tried_each_time(ws: Workspace, mazes: list[str]) -> None:
    write(ws.folder / "docs/a.maze", "maze")
    assert index(ws).skipped == index(ws).skipped != ()
    assert mazes == ["a.maze"] * 2


def test_rows_of_a_corpus_are_documents_of_their_own(ws: Workspace) -> None:
    write(ws.folder / "corpus.jsonl", '{"_id": "x1", "title": "T", "text": "One row.", "year": 2020}\n')
    index(ws, "corpus.jsonl")
    [chunk] = chunks(ws)
    assert (chunk.id, chunk.title, chunk.text, chunk.lines) == ("x1", "T", "One row.", None)
    assert dict(chunk.metadata) == {"year": 2020}


def test_a_hit_names_the_part_of_the_file_that_it_is(ws: Workspace) -> None:
    write(ws.folder / "docs/book.epub", book({"a.html": "<p>Once upon.</p>", "b.html": "<p>Ever after.</p>"}))
    index(ws)
    [hit] = ws.query("ever after", k=1, where="chapter=2")
    assert (hit.id, hit.path, hit.metadata["chapter"]) == ("docs/book.epub#chapter=2", "docs/book.epub", 2)
    assert "docs/book.epub#chapter=2" in ws.registry.formatter("text").value([hit], View())


def test_progress_tells_files_and_speed_and_ends_at_all(ws: Workspace) -> None:
    events: list[Progress] = []
    ws.registry.listen("progress", _Listener([], events))
    index(ws)
    assert [event.total for event in events] == [3] * len(events)
    assert events[-1].done == 3
    assert "chunks/s" in events[-1].detail


def test_the_embedder_does_not_wait_for_the_reader(ws: Workspace, engine: HashedWords) -> None:
    """The second file takes until the first one is embedded: only what runs side by side can end."""
    embedded = threading.Event()
    waited: list[bool] = []

    def encode(texts: Sequence[str], role: Role = "document") -> Vectors:
        embedded.set()
        return HashedWords.encode(engine, texts, role)

    def read(path: Path, content: bytes) -> Iterator[Document]:
        if path.name == "b.slow":
            waited.append(embedded.wait(timeout=60))
        yield Document(content.decode())

    class Plugin:
        @hookimpl
        def simsearch_readers(self) -> list[Component]:
            return [Component("slow", "Waits", lambda: read, accepts=(".slow",))]

    engine.encode = encode  # type: ignore[method-assign]
    ws.registry.add(Found(Origin("slow", "slow", "1", "slow"), Plugin))
    write(ws.folder / "slow/a.slow", "first")
    write(ws.folder / "slow/b.slow", "second")
    assert index(ws, "slow").added == 2
    assert waited == [True]


class _Listener:
    """Keeps what is observed."""

    def __init__(self, notices: list[str], progress: list[Progress] | None = None) -> None:
        @hookimpl
        def simsearch_observe(event: object) -> None:
            if isinstance(event, Notice):
                notices.append(event.text)
            elif isinstance(event, Progress) and progress is not None:
                progress.append(event)

        self.simsearch_observe = simsearch_observe


def test_other_readers_read_again_what_was_read_before(ws: Workspace) -> None:
    write(ws.folder / "docs/t.csv", "name,note,body\nfig,a fig tree,green leaves\n")
    index(ws)
    assert [hit.text for hit in ws.query("leaves", where="path:docs/t.csv")] == [
        "green leaves\n\nname: fig\nnote: a fig tree"
    ]
    assert index(ws, readers=("csv:text=note,title=name",)).changed == 4
    (hit,) = ws.query("tree", where="path:docs/t.csv")
    assert (hit.text, hit.title) == ("a fig tree", "fig")
    assert index(ws, readers=("csv:text=note,title=name",)).unchanged == 4
    assert ws.like(ws.folder / "docs/a.md")
    assert [item.path for item in index(ws, readers=("csv:text=nothing",)).skipped] == ["docs/t.csv"]


def test_other_readers_read_other_roots_again_when_it_is_their_turn(ws: Workspace) -> None:
    for root in ("a", "b"):
        write(ws.folder / root / "t.csv", f"note,body\n{root} fig tree,green leaves\n")
    index(ws, "a", "b")
    index(ws, "a", readers=("csv:text=note",))
    assert texts(ws) == {"a/t.csv": "a fig tree", "b/t.csv": "green leaves\n\nnote: b fig tree"}
    assert counts(index(ws, "b", readers=("csv:text=note",))) == (0, 1, 0, 0)
    assert texts(ws) == {"a/t.csv": "a fig tree", "b/t.csv": "b fig tree"}
    assert counts(index(ws, "a", "b", readers=("csv:text=note",))) == (0, 0, 0, 2)
