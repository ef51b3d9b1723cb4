"""`simsearch models` on runs that are there."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from simsearch.settings import TuneSettings
from tests.conftest import Run

MEASURES = {"nDCG@10": 0.5}


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / ".simsearch" / "models"
    for day in range(1, 6):
        (folder / f"2026010{day}").mkdir(parents=True)
        record = {"run": f"2026010{day}", "base": MEASURES, "tuned": MEASURES}
        (folder / f"2026010{day}" / "run.json").write_text(json.dumps(record))
    return folder


def test_going_forth_and_back(run: Run, runs: Path) -> None:
    assert run("models", "use", "20260101", "--format", "json").json["promoted"] == "20260101"
    assert "* 20260101" in run("models").out
    assert run("models", "use", "base", "--format", "json").json["promoted"] is None
    assert run("models", "--format", "json").json["promoted"] is None


def test_a_run_in_use_stays(run: Run, runs: Path) -> None:
    run("models", "use", "20260101")
    ran = run("models", "remove", "20260102", "20260101")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert "it is promoted; `simsearch models use base` returns to the base model" in ran.err
    assert len(list(runs.glob("2026*"))) == 5


def test_without_a_name_the_newest_are_kept(run: Run, runs: Path) -> None:
    run("models", "use", "20260101")
    removed = run("models", "remove", "--keep", 2, "--format", "json").json
    assert removed == {"removed": ["20260102", "20260103"], "kept": ["20260101", "20260104", "20260105"]}


def test_a_damaged_run_can_be_removed(run: Run, runs: Path) -> None:
    (runs / "20260102" / "run.json").write_text("{")
    assert "is damaged" in run("models", "show", "20260102").err
    assert run("models", "remove", "20260102").status == 0


def test_models_are_compared_on_pairs_and_fewer_bits_with_the_full_graph(run: Run, tmp_path: Path) -> None:
    rows = [["list files", "ls -l"], ["undo commit", "git reset"], ["say hello", "echo hello"]]
    (tmp_path / "pairs.json").write_text(json.dumps(rows))
    names = ("all-MiniLM-L6-v2", "all-MiniLM-L6-v2@int8")
    ran = run("models", "compare", *names, "--pairs", "pairs.json", "--format", "json")
    assert ran.status == 0, ran.err
    full, reduced = ran.json["standings"]
    assert (full["against"], reduced["against"]) == (None, "all-MiniLM-L6-v2")
    assert reduced["megabytes"] < full["megabytes"]
    assert reduced["gain"] == pytest.approx(reduced["measures"]["nDCG@10"] - full["measures"]["nDCG@10"])
    assert reduced["interval"][0] <= reduced["gain"] <= reduced["interval"][1]
    assert ran.json["questions"] == 3
    assert not (tmp_path / ".simsearch").exists()


def test_there_must_be_something_to_compare_by(run: Run, tmp_path: Path) -> None:
    ran = run("models", "compare")
    assert ran.status == 1
    assert "--pairs FILE" in ran.err


def test_a_misspelt_command_names_the_nearest(run: Run) -> None:
    ran = run("models", "comapre")
    assert ran.status == 2
    assert "did you mean 'compare'" in ran.err


def test_the_test_part_of_the_newest_run_judges_and_each_look_is_counted(run: Run, tmp_path: Path) -> None:
    rows = [[f"question {i} {i**5}", f"answer {i**7}"] for i in range(80)]
    (tmp_path / "pairs.json").write_text(json.dumps(rows))
    settings = {**asdict(TuneSettings()), "pairs": ["pairs.json"]}
    record = {"run": "20260101", "settings": settings, "plan": {}, "components": {}, "files": {}}
    folder = tmp_path / ".simsearch" / "models" / "20260101"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(record))
    for look in (1, 2):
        ran = run("models", "compare", "all-MiniLM-L6-v2", "--format", "json")
        assert ran.status == 0, ran.err
        assert 0 < ran.json["questions"] < 80
        assert ran.json["looks"] == look
