"""`simsearch get` as a person meets it."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.support.hashed_words import indexed


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path) -> None:
    rows = '{"_id": "7", "text": "the goat"}\n{"_id": "8", "text": "the hen"}\n'
    indexed(tmp_path, {"docs/tea.txt": "one\ntwo\nthree\n", "rows.jsonl": rows})


def test_a_document_or_some_of_its_lines(run: Run, tmp_path: Path) -> None:
    assert run("get", "docs/tea.txt").out == "one\ntwo\nthree\n"
    assert run("get", "docs/tea.txt:2-").out == "two\nthree\n"
    assert run("get", "tea.txt:2", cwd=tmp_path / "docs").out == "two\n"
    (got,) = run("get", "docs/tea.txt:2", "--format", "json").json
    assert (got["path"], got["text"], got["lines"], got["line_count"]) == ("docs/tea.txt", "two\n", [2, 2], 3)


def test_several_parts_have_their_names(run: Run) -> None:
    assert run("get", "rows.jsonl").out == "rows.jsonl#7\n\nthe goat\n\nrows.jsonl#8\n\nthe hen\n"
    assert run("get", "rows.jsonl#8").out == "the hen\n"


def test_an_unknown_document_is_one_message(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs" / "new.txt").write_text("not indexed")
    for name in ("docs/te.txt", "docs/new.txt", "docs/tea.txt:9", ""):
        ran = run("get", name)
        assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1), name
    assert "did you mean 'docs/tea.txt'?" in run("get", "docs/te.txt").err


def test_without_an_index_it_says_what_to_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".simsearch").mkdir()
    ran = run("get", "a.txt", cwd=tmp_path / "empty")
    assert ran.status == 1 and "simsearch index PATH" in ran.err
