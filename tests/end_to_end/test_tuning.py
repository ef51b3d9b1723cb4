"""Whole tuning runs on a model made on the spot: killed ones, repeated ones, and what they leave to look at."""

import html
import json
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from simsearch import Workspace, hookimpl
from simsearch.cli.tune import describe
from simsearch.errors import InputError
from simsearch.tuning.reporting.page import render_page
from simsearch.tuning.reporting.report import TuneReport
from simsearch.types import Event, Notice
from tests.support.tiny_models import WORDS, save_tiny_model

PLAIN = [word for word in WORDS if not word.startswith("##")]
EPOCHS = 5
MAKING = Path(".simsearch") / "models" / ".making"
# A shell's background jobs, and all that they start, ignore Ctrl-C unless they say otherwise.
STARTED = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from simsearch.cli.main import main; main()"
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("models") / "base")


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Questions whose answer is the same words in another order, among answers of nearly the same words."""
    chance = random.Random(0)
    questions = [chance.choices(PLAIN, k=8) for _ in range(240)]
    rows = [(" ".join(q), " ".join(PLAIN[-1 - PLAIN.index(word)] for word in q)) for q in questions]
    return write_pairs(tmp_path_factory.mktemp("pairs") / "pairs.jsonl", rows)


def write_pairs(path: Path, rows: Iterable[tuple[str, str]]) -> Path:
    path.write_text("".join(json.dumps({"anchor": a, "positive": p}) + "\n" for a, p in rows))
    return path


def tune_words(pairs: Path, base: Path) -> list[str]:
    tune_settings = ["--base", str(base), "--epochs", str(EPOCHS), "--learning-rate", "1e-3"]
    return [sys.executable, "-c", STARTED, "tune", str(pairs), *tune_settings, "--format", "json"]


@contextmanager
def begun(words: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that has written its first checkpoint; it doesn't outlive the test."""
    process = subprocess.Popen(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        while not list((folder / MAKING).glob("scratch/checkpoint-*/simsearch.json")):
            assert process.poll() is None, "it ended too soon"
            time.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def whole(pairs: Path, base: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, TuneReport]:
    """A run that nothing disturbed."""
    workspace = Workspace(tmp_path_factory.mktemp("whole"))
    return workspace, workspace.tune(pairs, base=str(base), epochs=EPOCHS, learning_rate=1e-3)


def test_a_killed_run_is_gone_on_with_to_the_same_result(
    whole: tuple[Workspace, TuneReport], pairs: Path, base: Path, tmp_path: Path
) -> None:
    with begun(tune_words(pairs, base), tmp_path) as process:
        process.send_signal(signal.SIGKILL)
    assert Workspace(tmp_path).runs.names() == []

    again = subprocess.run(
        tune_words(pairs, base), cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )
    assert "Resuming at step" in again.stderr
    report = json.loads(again.stdout)
    assert report["tuned"] == pytest.approx(whole[1].tuned, abs=1e-6)
    assert report["curve"] == pytest.approx({str(k): v for k, v in whole[1].curve.items()})
    assert not (tmp_path / MAKING).exists()


def test_ctrl_c_keeps_the_best_so_far(pairs: Path, base: Path, tmp_path: Path) -> None:
    with begun([*tune_words(pairs, base), "--epochs", "2000"], tmp_path) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert "Stopped: continuing with the best weights so far" in err
    report = json.loads(out)
    assert report["stopped"] and 0 < report["steps"] < 2000
    folder = Workspace(tmp_path).runs.path(report["run"])
    said = f"The run was stopped after {report['steps']} steps"
    assert said in (folder / "README.md").read_text() and said in (folder / "report.html").read_text()


def test_a_run_made_again_is_the_same_run(
    whole: tuple[Workspace, TuneReport], base: Path, tmp_path: Path
) -> None:
    workspace, report = whole
    again = workspace.tune(from_run=report.run)
    assert again.pairs == report.pairs
    assert again.tuned == pytest.approx(report.tuned, abs=1e-6)
    assert (again.looks, report.looks) == (2, 1)
    losses = [workspace.runs.record(run)["training"]["losses"] for run in (report.run, again.run)]
    assert np.allclose(*losses, atol=1e-4)  # the same pairs in the same order


def test_a_plugin_that_a_run_needs_and_is_gone_is_named(whole: tuple[Workspace, TuneReport]) -> None:
    workspace, report = whole
    path = workspace.runs.folder / report.run / "run.json"
    kept = path.read_text()
    record = json.loads(kept)
    record["components"]["losses"] = ["gist", "simsearch-gist", "0.3"]
    path.write_text(json.dumps(record))
    try:
        with pytest.raises(
            InputError, match=r"'gist' of simsearch-gist 0\.3, which is not installed; `pip install"
        ):
            workspace.examine(from_run=report.run)
    finally:
        path.write_text(kept)


def test_the_page_is_whole_and_harmless(whole: tuple[Workspace, TuneReport]) -> None:
    workspace, report = whole
    folder = workspace.runs.folder / report.run
    page = (folder / "report.html").read_text()
    assert report.run in page
    assert report.reason.split("(")[0].strip() in html.unescape(page)
    assert all(change.question in page for change in (*report.better, *report.worse))
    assert page.count("<svg") == 4
    assert not re.findall(r"<script|<link|<img|\bsrc=|https?://", page)

    evil = {**workspace.runs.record(report.run), "reason": "<script>alert('x')</script>"}
    assert "<script" not in render_page(evil)
    card = (folder / "README.md").read_text()
    facts = yaml.safe_load(card.split("---")[1])
    assert facts["library_name"] == "sentence-transformers"
    assert facts["model-index"][0]["results"][0]["metrics"][0]["value"] == round(report.tuned["nDCG@10"], 4)
    assert not any(change.question in card for change in (*report.better, *report.worse))


def test_the_report_fits_eighty_columns(whole: tuple[Workspace, TuneReport]) -> None:
    said = describe(whole[1], Path(".simsearch/models/run/report.html"))
    assert max(map(len, said.splitlines())) <= 80


def test_what_comes_next_is_another_thing_where_a_setting_names_the_model(
    whole: tuple[Workspace, TuneReport],
) -> None:
    promoted = replace(whole[1], promoted=True)
    page = Path("report.html")
    assert "Now: simsearch index FOLDER" in describe(promoted, page)
    kept = " ".join(describe(promoted, page, "all-MiniLM-L6-v2").split())
    assert "The setting index.model = all-MiniLM-L6-v2 takes precedence" in kept
    assert "Now:" not in kept


@pytest.mark.slow
def test_planted_duplicates_leak_from_a_random_split_only(base: Path, tmp_path: Path) -> None:
    """Answers that nothing in the question tells can only be learnt by heart: whatever is gained is a leak."""
    chance = random.Random(0)
    rows = []
    for _ in range(350):
        asked, answer = chance.choices(PLAIN, k=8), " ".join(chance.choices(PLAIN, k=8))
        rows += [(" ".join(asked), answer), (" ".join([chance.choice(PLAIN), *asked[1:]]), answer)]
    pairs = write_pairs(tmp_path / "pairs.jsonl", rows)
    tune_settings = {"base": str(base), "epochs": 25, "learning_rate": 1e-2}
    grouped = Workspace(tmp_path / "grouped").tune(pairs, **tune_settings)
    drawn = Workspace(tmp_path / "drawn").tune(pairs, split="random:dev=0.1", **tune_settings)
    assert not grouped.promoted
    assert not any("leaks" in note for note in grouped.notes)
    assert any("The test set leaks" in note for note in drawn.notes)
    assert drawn.gain["nDCG@10"] > grouped.gain["nDCG@10"] + 0.03
    assert grouped.leak is not None and grouped.leak.gain is not None
    assert grouped.leak.gain > grouped.gain["nDCG@10"] + 0.03


def test_a_model_is_not_judged_by_rows_that_it_was_trained_on(
    pairs: Path, base: Path, tmp_path: Path
) -> None:
    chance = random.Random(1)
    other = [(" ".join(chance.choices(PLAIN, k=8)), " ".join(chance.choices(PLAIN, k=8))) for _ in range(20)]
    workspace, heard = Workspace(tmp_path), []

    class Listener:
        @hookimpl
        def simsearch_observe(self, event: Event) -> None:
            if isinstance(event, Notice):
                heard.append(event.text)

    workspace.registry.listen("notices", Listener())
    few = {"epochs": 1, "learning_rate": 1e-3}
    all_sides = workspace.tune(
        pairs, test=write_pairs(tmp_path / "test.jsonl", other), base=str(base), promote="always", **few
    )
    assert all_sides.promoted

    after = workspace.tune(pairs, base=str(base), **few)
    questions = after.pairs["test"]
    assert f"{questions} of the {questions} test pairs were used to train the promoted model" in "; ".join(
        heard
    )
    assert "worse than the promoted model" not in after.reason

    onwards = workspace.tune(pairs, base=all_sides.run, **few)
    assert f"{questions} of the {questions} test pairs were used to train the base" in "; ".join(heard)
    assert not onwards.promoted
