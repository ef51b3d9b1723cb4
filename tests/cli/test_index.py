"""`simsearch index` as a person meets it: what it shows, what it would do, and how it keeps watch."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simsearch import Notice, Progress, hookimpl
from simsearch.cli.progress import ProgressLine
from simsearch.errors import WorkspaceLocked
from simsearch.indexing.report import IndexReport
from simsearch.indexing.watching import watch
from simsearch.storage.lock import WriterLock
from tests.conftest import Run
from tests.support.file_server import serve_files
from tests.support.hashed_words import open_workspace

EMBEDDER = """
from simsearch import Component, hookimpl

@hookimpl
def simsearch_embedders():
    from tests.support.hashed_words import HashedWords

    return [Component("hashed-words", "Hashed words", HashedWords)]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose own plugin embeds without a model, with two files to index."""
    (tmp_path / "simsearch.toml").write_text('plugins = ["embedder.py"]\n[index]\nmodel = "hashed-words"\n')
    (tmp_path / "embedder.py").write_text(EMBEDDER)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    )
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text("# Apples\n\nApples are red.")
    (docs / "b.txt").write_text("Bread is brown.")
    (docs / "c.pdf").write_bytes(b"\x89PNG")
    return tmp_path


@pytest.fixture
def trusted(folder: Path, run: Run) -> Path:
    assert run("plugins", "trust").status == 0
    return folder


def test_a_url_is_indexed_as_a_folder_is(trusted: Path, run: Run) -> None:
    with serve_files(trusted) as server:
        done = run("index", f"{server.url}/docs/")
        assert done.status == 0 and done.out.startswith(
            "2 added, 0 changed, 0 removed, 0 unchanged; 2 chunks"
        )
        assert f"Skipped 1: broken PDF file ({server.url}/docs/c.pdf)" in done.out
        (hit,) = run("query", "apples", "-k", 1, "--format", "json").json
        assert hit["path"] == f"{server.url}/docs/a.md"
        lines = run("get", f"{server.url}/docs/a.md:3", cwd=trusted / "docs")
        assert lines.out == "Apples are red.\n"
        assert "No pairs were found in 2 documents" in run("pairs", "make", f"{server.url}/docs").err
    gone = run("index", f"{server.url}/docs")
    assert (gone.status, gone.out) == (1, "") and gone.err.count("\n") == 1
    assert f"{server.url}/docs can't be reached" in gone.err
    assert f"{server.url}/docs: 2 files" in run("status").out
    assert run("check").out == "Nothing is wrong.\n"
    assert run("forget", f"{server.url}/docs").out == "2 files forgotten.\n"


def test_a_run_ends_with_what_was_done_and_what_was_skipped(trusted: Path, run: Run) -> None:
    (trusted / "docs/.hidden").mkdir()
    for name in ("x", "y"):
        (trusted / "docs/.hidden" / name).write_text("x")
    ran = run("index", "docs")
    assert ran.status == 0, ran.err
    first, *skipped = ran.out.splitlines()
    assert first.startswith("2 added, 0 changed, 0 removed, 0 unchanged; 2 chunks, 2 embedded in ")
    assert "Skipped 2: hidden folder (docs/.hidden)" in skipped


def test_what_was_not_read_or_was_guessed_is_counted_by_index_status_and_check(
    trusted: Path, run: Run
) -> None:
    (trusted / "docs/empty.txt").write_bytes(b"")
    (trusted / "docs/old.txt").write_bytes("Der Saal ist für Gäste geöffnet.".encode("cp1252"))
    shown = ["Without text 1: docs/empty.txt", "Encoding guessed 1: docs/old.txt (Windows-1252)"]
    assert run("index", "docs").out.splitlines()[1:3] == shown
    assert "1 file without text, 1 in a guessed encoding" in run("status").out
    assert run("status", "--format", "json").json["notices"] == {
        "without_text": 1,
        "partly_read": 0,
        "guessed_encoding": 1,
    }
    assert run("check").out.splitlines() == ["Nothing is wrong.", *shown]
    assert run("check", "--format", "json").json["notices"] == [
        {"path": "docs/empty.txt", "kind": "without_text", "notice": "no text"},
        {"path": "docs/old.txt", "kind": "guessed_encoding", "notice": "encoding guessed: Windows-1252"},
    ]


INTERRUPTED = """
from simsearch import Component, hookimpl

@hookimpl
def simsearch_embedders():
    from tests.support.hashed_words import HashedWords

    class Interrupted(HashedWords):
        def encode(self, texts, role="document"):
            if role == "document" and self.embedded:
                raise KeyboardInterrupt
            return super().encode(texts, role)

    return [Component("hashed-words", "Hashed words", Interrupted)]
"""


def test_ctrl_c_keeps_what_is_done_and_says_so(folder: Path, run: Run) -> None:
    (folder / "embedder.py").write_text(INTERRUPTED)
    assert run("plugins", "trust").status == 0
    for number in range(200):
        (folder / f"docs/{number}.txt").write_text(f"goat number {number}")
    interrupted = run("index", "docs")
    assert interrupted.status == 130
    assert "the next `simsearch index` continues" in interrupted.err
    assert json.loads(run("status", "--format", "json").out)["coverage"] == {
        "chunks": 202,
        "with_vectors": 128,
    }
    assert "128 of 202 chunks (63 %)" in run("status").out
    answer = run("query", "goat number 77", "--mode", "lexical")
    assert "docs/77.txt" in answer.out
    assert "128 of 202 chunks (63 %) have vectors" in answer.err


def test_a_run_stops_after_a_time(trusted: Path, run: Run) -> None:
    stopped = run("index", "docs", "--for", "0.000001", "--format", "json")
    coverage = json.loads(stopped.out)["coverage"]
    assert (coverage["chunks"] <= 1, coverage["with_vectors"]) == (True, 0)
    assert json.loads(run("index", "docs", "--format", "json").out)["coverage"]["with_vectors"] == 2
    assert "not a valid duration" in run("index", "docs", "--for", "soon").err


def test_a_dry_run_lists_files_and_writes_nothing(trusted: Path, run: Run) -> None:
    ran = run("index", "docs", "--dry-run")
    assert ran.out.splitlines()[:2] == ["add     docs/a.md", "add     docs/b.txt"]
    assert "Would be: 3 added" in ran.out
    assert not (trusted / ".simsearch").exists()
    plan = run("index", "docs", "--dry-run", "--format", "json").json["plan"]
    assert plan[0] == {"path": "docs/a.md", "action": "add"}


def test_a_reader_is_chosen_by_a_flag(trusted: Path, run: Run) -> None:
    (trusted / "docs/rows.csv").write_text("nr,words\n1,only these\n")
    assert run("index", "docs", "--reader", "csv:text=words").status == 0
    hits = run("query", "only these", "--format", "json").json
    assert hits[0]["text"] == "only these"
    assert "no reader" in run("index", "docs", "--reader", "nope").err.lower()


def test_progress_is_a_line_of_files_speed_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    screen = Terminal()
    line = ProgressLine(screen)
    for done in (0, 25, 100):
        line.simsearch_observe(Progress("Indexing files", done, 100, "50 chunks/s"))
        now[0] += 10
    shown = screen.getvalue().split("\r\x1b[2K")
    assert "Indexing files" in shown[2]
    assert "[##........]  25/100  25 %" in shown[2]
    assert "50 chunks/s" in shown[2]
    assert "0:30 left" in shown[2]
    assert shown[3].endswith("\n")


# Watching --------------------------------------------------------------------------------------------


def test_watch_and_dry_run_exclude_each_other(trusted: Path, run: Run) -> None:
    assert run("index", "docs", "--watch", "--dry-run").status == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C can't be sent to one process on Windows")
def test_watch_says_a_line_for_each_round_and_ends_cleanly_at_ctrl_c(trusted: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "simsearch", "index", "docs", "--watch"],
        cwd=trusted, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    lines: Iterator[str] = iter(process.stdout.readline, "")
    assert "2 added" in next(lines)
    (trusted / "docs/d.md").write_text("Dates are sweet.")
    assert "1 added" in next(line for line in lines if not line.startswith("Skipped"))
    (trusted / "docs/a.md").unlink()
    assert "1 removed" in next(lines)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 0
    assert "No longer watching" in errors
    assert "Traceback" not in errors


def test_a_watching_workspace_misses_nothing_and_minds_only_its_own(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("one")
    (tmp_path / "single.txt").write_text("one")
    ws = open_workspace(tmp_path)
    reports = ws.watch(tmp_path / "docs", tmp_path / "single.txt")
    assert next(reports).added == 2
    (tmp_path / "docs/.hidden.md").write_text("not looked at")
    (tmp_path / "other.txt").write_text("next to the root that is a file")
    (tmp_path / "docs/b.md").write_text("two")
    report = next(reports)
    assert (report.added, report.unchanged) == (1, 2)
    (tmp_path / "new.txt").write_text("replaced")
    (tmp_path / "new.txt").replace(tmp_path / "single.txt")
    assert next(reports).changed == 1
    reports.close()


def test_watching_waits_for_another_writer(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("one")
    ws = open_workspace(tmp_path)
    reports = ws.watch(tmp_path / "docs")
    next(reports)
    lock = WriterLock(next((tmp_path / ".simsearch").rglob("writer.lock")).parent)

    class Releasing:
        """Has the other writer finish once it is waited for."""

        waited = False

        @hookimpl
        def simsearch_observe(self, event: object) -> None:
            if isinstance(event, Notice) and "Waiting for it" in event.text:
                lock.release()
                self.waited = True

    releasing = Releasing()
    ws.registry.listen("releasing", releasing)
    (tmp_path / "docs/a.md").write_text("two, longer")
    assert next(reports).changed == 1
    reports.close()
    assert releasing.waited


def test_watching_says_once_that_it_waits(tmp_path: Path) -> None:
    docs, heard = tmp_path / "docs", []
    docs.mkdir()
    locked = iter([False, True, True, True, False])

    def run() -> IndexReport:
        if next(locked):
            raise WorkspaceLocked("Process 7 is writing the index.")
        return IndexReport(0, 0, 0, 0, (), 0, 0, 0, 0.0)

    reports = watch([docs], run, heard.append)
    next(reports)
    (tmp_path / "a.md").write_text("one")
    (tmp_path / "a.md").replace(docs / "a.md")  # a single change, which can't come in two bursts
    next(reports)
    assert heard == [Notice("Process 7 is writing the index. Waiting for it.", warning=True)]
