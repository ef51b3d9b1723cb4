"""`simsearch teach` as a person meets it."""

import shlex
from pathlib import Path

import pytest

from tests.cli.test_judge import PLUGIN
from tests.conftest import PROJECT, Run
from tests.unit.judgements.test_teaching import judged

FIRST = "1. docs/aw.md"


@pytest.fixture
def simsearch(tmp_path: Path, run: Run) -> Run:
    judged(tmp_path)
    (tmp_path / "simsearch.toml").write_text('plugins = ["embedder.py"]\n')
    (tmp_path / "embedder.py").write_text(PLUGIN)
    assert run("plugins", "trust").status == 0
    return lambda *words: run(*words, PYTHONPATH=str(PROJECT), USER="ann")


def test_what_is_taught_is_shown_explained_switched_off_and_undone(simsearch: Run) -> None:
    assert simsearch("teach", "--show").out == "Nothing is taught.\n"
    taught = simsearch("teach")
    assert taught.status == 0 and "uses what was learned from now on" in taught.out, taught.err
    assert "learned: linear map and memory" in simsearch("teach", "--show").out
    assert simsearch("teach", "--show", "--format", "json").json["kept"] is True
    assert "taught     by 48 judged questions" in simsearch("status").out
    question = ("query", "explain waqq waxx", "-k", "1")
    explained = " ".join(simsearch(*question, "--explain").out.split())
    assert (
        explained.startswith(FIRST)
        and "taught: linear map; judged for a near question: docs/aw.md +" in explained
    )
    assert not simsearch(*question, "--untaught").out.startswith(FIRST)
    assert simsearch("teach", "--undo").out == "Forgotten.\n"
    assert simsearch("teach", "--undo").out == "Nothing was taught.\n"
    assert not simsearch(*question).out.startswith(FIRST)


def test_too_few_judgements_say_how_many_are_missing(tmp_path: Path, run: Run) -> None:
    judged(tmp_path, forms=())
    told = run("teach")
    assert (told.status, told.out.splitlines()[:2]) == (
        0,
        [
            "Not yet. At least 8 different questions have to be judged.",
            "About 8 more judgements would decide it.",
        ],
    )


def test_show_and_undo_exclude_each_other(run: Run) -> None:
    assert run("teach", "--show", "--undo").status == 2


def test_the_worked_example_runs_up_to_tuning(simsearch: Run, tmp_path: Path) -> None:
    """The commands of docs/judgements.md, with files of this workspace; tests/end_to_end tunes."""
    page = (PROJECT / "docs" / "judgements.md").read_text(encoding="utf-8")
    example = (
        page.split("## From the first question to a promoted model")[1].split("```console")[1].split("```")[0]
    )
    (tmp_path / "golden.csv").write_text("question,id,right\nhow waqq,docs/aw.md,true\n")
    names = {"docs/undo.md": "docs/aw.md", "docs/reset.md": "docs/bx.md"}
    commands = [line.removeprefix("$ ").partition("  #")[0] for line in example.strip().splitlines()]
    assert len(commands) == 9
    for command in commands:
        words = [names.get(word, word) for word in shlex.split(command)[1:]]
        words += ["--model", "hashed-words"] if words[0] == "index" else []
        ran = simsearch(*words)
        assert ran.status == 0, (command, ran.err)
    assert "undo the last commit" in (tmp_path / "judgements.jsonl").read_text(encoding="utf-8")
