"""An index whose vectors are still missing: words answer, every answer says so, and the next run continues."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from simsearch import Workspace, hookimpl
from simsearch.home import Home
from simsearch.indexing import embedding, read_rate
from simsearch.storage.capabilities import Checkable, require
from simsearch.storage.protocols import Coverage
from simsearch.types import Event, Notice, Role, Vectors
from tests.support.hashed_words import HashedWords, open_workspace

CHUNKS = 300


class Interrupted(HashedWords):
    """Ctrl-C is pressed while it embeds documents for the nth time."""

    turns = 2

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        if role == "document":
            self.turns -= 1
            if self.turns == 0:
                raise KeyboardInterrupt
        return super().encode(texts, role)


class Listener:
    def __init__(self) -> None:
        self.said: list[str] = []

    @hookimpl
    def simsearch_observe(self, event: Event) -> None:
        if isinstance(event, Notice):
            self.said.append(event.text)


@pytest.fixture
def engine() -> Interrupted:
    return Interrupted()


@pytest.fixture
def half(tmp_path: Path, engine: Interrupted) -> Workspace:
    """A run that was interrupted after its first block."""
    workspace = open_workspace(tmp_path, engine)
    for number in range(CHUNKS):
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / f"docs/{number}.txt").write_text(f"goat number {number} eats thistles")
    with pytest.raises(KeyboardInterrupt):
        workspace.index(tmp_path / "docs")
    return workspace


def test_all_words_are_found_and_the_answer_says_what_is_missing(half: Workspace) -> None:
    listener = Listener()
    half.registry.listen("test", listener)
    assert half.status().coverage == Coverage(CHUNKS, embedding.BLOCK)
    for number in (0, CHUNKS - 1):
        for mode in ("lexical", "hybrid"):
            assert half.query(f"goat number {number}", mode=mode)[0].path == f"docs/{number}.txt"
    assert len(half.query("thistles", mode="dense", k=CHUNKS, chunks=True)) <= embedding.BLOCK
    assert len(listener.said) == 5
    assert all(f"{embedding.BLOCK} of {CHUNKS} chunks (42 %) have vectors" in said for said in listener.said)


def test_status_says_how_long_the_rest_takes(half: Workspace) -> None:
    rate = Home(half.home).embedding_rate
    left = half.status().seconds_left
    assert left == pytest.approx((CHUNKS - embedding.BLOCK) / read_rate(rate).chunks_per_second, abs=0.06)
    for damaged in ("", "[]", '{"chunks_per_second": 0}', '{"chunks_per_second": "fast"}'):
        rate.write_text(damaged)
        assert half.status().seconds_left is None
    half.index(half.folder / "docs")
    assert half.status().seconds_left is None


def test_the_next_run_embeds_only_what_is_missing(half: Workspace, engine: Interrupted) -> None:
    done = set(engine.embedded)
    assert len(done) == embedding.BLOCK
    engine.embedded.clear()
    report = half.index(half.folder / "docs")
    assert (report.unchanged, report.embedded) == (CHUNKS, CHUNKS - embedding.BLOCK)
    assert report.coverage == Coverage(CHUNKS, CHUNKS)
    assert done.isdisjoint(engine.embedded)
    assert require(half.store, Checkable, "check").check() == []
    listener = Listener()
    half.registry.listen("test", listener)
    assert half.query("goat number 7")[0].path == "docs/7.txt"
    assert listener.said == []
    engine.embedded.clear()
    assert half.index(half.folder / "docs").embedded == 0


def test_check_export_and_duplicates_know_pending_chunks(half: Workspace, tmp_path: Path) -> None:
    assert require(half.store, Checkable, "check").check() == []
    half.duplicates()
    report = half.export(tmp_path / "out")
    other = open_workspace(tmp_path / "other")
    taken = other.index(tmp_path / "out")
    assert (taken.chunks, taken.coverage) == (report.chunks, Coverage(CHUNKS, embedding.BLOCK))
    assert other.query(f"goat number {CHUNKS - 1}", mode="lexical")[0].path == f"docs/{CHUNKS - 1}.txt"


def test_filters_and_quotes_reach_pending_chunks(half: Workspace) -> None:
    for number in (0, CHUNKS - 1):
        assert [hit.path for hit in half.query("goat", where=f"path:docs/{number}.txt")] == [
            f"docs/{number}.txt"
        ]
        (hit,) = half.query(f'"number {number} eats"')
        assert hit.path == f"docs/{number}.txt"


def test_a_run_stops_in_time_and_the_next_one_continues(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / f"docs/{number}.txt").write_text(f"goat number {number}")
    workspace = open_workspace(tmp_path)
    stopped = workspace.index(tmp_path / "docs", for_time="0.000001")
    assert stopped.coverage in (Coverage(0, 0), Coverage(1, 0))  # at most the file that was being read
    assert stopped.added == stopped.coverage.chunks
    report = workspace.index(tmp_path / "docs")
    assert (report.coverage, report.unchanged) == (Coverage(5, 5), stopped.added)


def test_a_move_that_was_stopped_keeps_the_old_vectors(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text("the goat eats thistles")
    (tmp_path / "docs/b.txt").write_text("a hen lays an egg")
    workspace.index(tmp_path / "docs")
    before = workspace.query("goat")
    workspace.index(tmp_path / "docs", chunker="lines", for_time="0.000001")
    with closing(workspace.store.read()) as snapshot:
        assert snapshot.identity.chunker == "structure"
    assert workspace.query("goat") == before
