"""`simsearch query` and `evaluate` as a shell meets them: the base model in every format, elsewhere an embedder that
tests install."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT, Ran, Run
from tests.support.plugin_packages import install

EMBEDDER = """
from tests.support.hashed_words import HashedWords

@hookimpl
def simsearch_embedders():
    return [Component("hashed-words", "Random directions of words", HashedWords)]
"""


@pytest.fixture
def search(run: Run, tmp_path: Path) -> Run:
    """`simsearch` with an index of three notes."""
    (tmp_path / "plugins").mkdir()
    install(tmp_path / "plugins", "hashed", EMBEDDER)
    write_notes(tmp_path / "docs")
    path = f"{tmp_path / 'plugins'}:{PROJECT}"

    def search(*words: object, **variables: Any):  # type: ignore[no-untyped-def]
        return run(*words, PYTHONPATH=path, **variables)

    assert search("index", "docs", "--model", "hashed-words").status == 0
    return search


def write_notes(folder: Path) -> None:
    folder.mkdir()
    for name in ("ant", "bear", "fox"):
        (folder / f"{name}.md").write_text(
            f"# The {name}\n\nWhat the {name} likes:\nhoney, <b>`{name}`</b>.\n"
        )


def test_paths_are_named_from_where_the_user_stands(search: Run, tmp_path: Path) -> None:
    (tmp_path / "docs/inner").mkdir()
    for format, path in (("paths", "../bear.md"), ("text", "1. ../bear.md:1-4"), ("json", "docs/bear.md")):
        assert path in search("query", "the bear", "--format", format, cwd=tmp_path / "docs/inner").out


def test_every_format(run: Run, tmp_path: Path) -> None:
    write_notes(tmp_path / "docs")
    assert run("index", "docs").status == 0

    def asked(format: str) -> Ran:
        return run("query", "what does a vixen like to eat, the fox?", "-k", 2, "--format", format)

    plain = asked("text").out
    assert "1. docs/fox.md:1-4" in plain and "\x1b" not in plain
    assert asked("json").json[0]["lines"] == [1, 4]
    assert json.loads(asked("jsonl").out.splitlines()[1])["rank"] == 2
    rows = list(csv.DictReader(io.StringIO(asked("csv").out)))
    assert (rows[0]["path"], rows[0]["first_line"]) == ("docs/fox.md", "1")
    assert asked("paths").out.splitlines()[0] == "docs/fox.md"
    assert asked("grep").out.splitlines()[0] == "docs/fox.md:1:# The fox"
    assert "1. `docs/fox.md:1-4`" in asked("markdown").out
    page = asked("html").out
    assert "<mark>fox</mark>" in page and "<b>" not in page


def test_explained(search: Run) -> None:
    asked = ("query", "fox", "--explain", "--where", "path:docs/*")
    assert "hybrid, convex (0.7 dense, by the question)" in search(*asked).out
    explained = search(*asked, "--format", "json").json
    assert explained["explanation"]["allowed"] == 3
    assert explained["hits"][0]["ranks"] == {"dense": 1, "lexical": 1}


def test_the_exit_status(search: Run) -> None:
    assert search("query", "fox").status == 0
    assert search("query", "fox", "--where", "path:nowhere").status == 0
    assert search("query", "fox", "--where", "path:nowhere", "--fail-empty").status == 3
    wrong = search("query", "fox", "--where", "path:(")
    assert wrong.status == 1
    assert "path:(\n       ^" in wrong.err
    assert search("query").status == 2
    assert search("query", "fox", "--like", "docs/fox.md").status == 2


def test_many_questions_in_one_process(search: Run, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simsearch", "query", "-", "-k", "1"],
        input=b'the fox\n\nbear honey\n"\xff\x00\n', cwd=tmp_path, capture_output=True, check=True,
        env={"PYTHONPATH": f"{tmp_path / 'plugins'}:{PROJECT}", "PATH": "", "HOME": str(tmp_path)},
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["query"] for row in rows[:2]] == ["the fox", "bear honey"]
    assert [row["hits"][0]["path"] for row in rows[:2]] == ["docs/fox.md", "docs/bear.md"]
    assert len(rows) == 3


def test_answers_that_are_not_in_the_index_are_reported(search: Run, tmp_path: Path) -> None:
    (tmp_path / "queries.tsv").write_text("1\tthe fox\n")
    judged = tmp_path / "qrels.tsv"
    judged.write_text("1\tdocs/fox.md\t1\n1\tdocs/unicorn.md\t1\n1\tdocs/also.md\t0\n")
    ran = search("evaluate", "queries.tsv", "qrels.tsv")
    assert ran.status == 0
    assert "1 of the 2 relevant documents are not in the index, such as 'docs/unicorn.md'" in ran.err
    judged.write_text("1\tunicorn\t1\n")
    ran = search("evaluate", "queries.tsv", "qrels.tsv")
    assert (ran.status, ran.out) == (1, "")
    assert "None of the 1 relevant documents is in the index, such as 'unicorn'" in ran.err


def test_evaluating_side_by_side(search: Run, tmp_path: Path) -> None:
    names = ("ant", "bear", "fox")
    (tmp_path / "queries.jsonl").write_text(
        "\n".join(json.dumps({"_id": n, "text": f"the {n}"}) for n in names)
    )
    (tmp_path / "qrels.tsv").write_text(
        "query\tdocument\tgrade\n" + "\n".join(f"{n}\tdocs/{n}.md\t1" for n in names)
    )
    asked = ("evaluate", "queries.jsonl", "qrels.tsv")
    found = search(*asked, "--per-query", "--run-file", "run.txt", "--format", "json").json
    assert found["measures"] == {"nDCG@10": 1.0, "R@100": 1.0, "RR": 1.0}
    assert set(found["modes"]) == set(found["per_query_by_mode"]) == {"lexical", "dense", "hybrid"}
    assert found["modes"]["dense"]["intervals"]["nDCG@10"] == [1.0, 1.0]
    first = (tmp_path / "run.txt.hybrid").read_text().splitlines()[0]
    assert first == "ant Q0 docs/ant.md 1 1.000000 simsearch-hybrid"
    assert set(search(*asked, "--mode", "dense", "--format", "json").json["modes"]) == {"dense"}
    assert "hybrid" in search(*asked).out
    assert "at least 20 are needed" in search(*asked, "--learn").err
