"""Ctrl-C: exit 130, one sentence, and the workspace as it was. A plugin presses it at a chosen point."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from simsearch.cli.main import is_interrupt
from tests.conftest import Run

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Ctrl-C can't be sent to one process on Windows"
)

PRESSING = """
import os, signal
from simsearch import Chunk, Component, hookimpl

def press():
    os.kill(os.getpid(), signal.SIGINT)

@hookimpl
def simsearch_chunkers():
    def chunk(document, tokens):
        if "press" in document.text:
            press()
        return [Chunk(0, len(document.text))]
    return [Component("pressing", "A document a chunk, Ctrl-C at some", lambda: chunk)]

@hookimpl
def simsearch_formatters():
    def show(hits, view):
        press()
        return str(len(hits))
    def import_and_show(hits, view):
        try:
            press()
        except KeyboardInterrupt as stop:
            raise ImportError("initialization failed") from stop
    return [
        Component("pressing", "Ctrl-C before the hits are shown", lambda: show),
        Component("importing", "Ctrl-C while a compiled package is imported", lambda: import_and_show),
    ]

@hookimpl
def simsearch_score_generators():
    def scores(pairs, random):
        press()
        return random.random(len(pairs))
    return [Component("pressing", "Ctrl-C while pairs are scored", lambda: scores)]
"""


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "pressing.py").write_text(PRESSING)
    (tmp_path / "simsearch.toml").write_text('plugins = ["pressing.py"]\n[index]\nchunker = "pressing"\n')
    (tmp_path / "docs").mkdir()
    for name in ("apples", "pears"):
        (tmp_path / "docs" / f"{name}.md").write_text(f"All about {name}.")
    assert run("plugins", "trust").status == 0
    return tmp_path


def stopped(ran: Any) -> None:
    assert ran.status == 130
    assert ran.out == ""
    assert "Stopped" in ran.err
    assert "Traceback" not in ran.err


def test_index_leaves_what_was_there(run: Run, folder: Path) -> None:
    assert run("index", "docs").status == 0
    before = run("query", "apples", "--format", "json").json
    (folder / "docs" / "apples.md").write_text("Not about apples, press.")
    for i in range(40):
        (folder / "docs" / f"{i}.md").write_text(f"Number {i}.")
    stopped(run("index", "docs"))
    assert run("query", "apples", "--format", "json").json[0] == before[0]
    assert run("check", "--format", "json").json["problems"] == []
    (folder / "docs" / "apples.md").write_text("All about apples.")
    assert run("index", "docs").status == 0
    assert run("status", "--format", "json").json["index"]["files"] == 42


def test_a_first_index_leaves_none(run: Run, folder: Path) -> None:
    (folder / "docs" / "z.md").write_text("press")
    stopped(run("index", "docs"))
    assert "There is no index" in run("query", "apples").err
    assert run("check", "--format", "json").json["problems"] == []


def test_query_stops(run: Run, folder: Path) -> None:
    assert run("index", "docs").status == 0
    stopped(run("query", "apples", "--format", "pressing"))
    assert run("query", "apples", "--format", "json").json


def test_a_package_that_is_being_imported_is_not_to_blame(run: Run, folder: Path) -> None:
    assert run("index", "docs").status == 0
    stopped(run("query", "apples", "--format", "importing"))


def test_while_it_is_being_loaded_it_just_ends(run: Run, tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt")
    ran = run("query", "apples", PYTHONPATH=str(tmp_path))
    assert (ran.status, ran.out, ran.err) == (130, "", "")


def test_tune_leaves_no_run(run: Run, folder: Path) -> None:
    rows = [[f"question {i**3}", f"answer {i**5}"] for i in range(40)]
    (folder / "pairs.json").write_text(json.dumps(rows))
    stopped(run("tune", "pairs.json", "--scores", "pressing"))
    assert not (folder / ".simsearch").exists()


def test_an_error_that_is_its_own_cause_is_no_interrupt() -> None:
    error = ValueError("raised from itself")
    error.__cause__ = error
    assert not is_interrupt(error)
