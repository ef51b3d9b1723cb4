"""--device: the summary says what worked, and a missing device is refused before anything is written."""

from pathlib import Path

import pytest

from tests.conftest import Run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "undo.md").write_text("# Undo\n\ngit reset --soft HEAD~1 undoes the last commit.\n")
    (tmp_path / "pairs.csv").write_text("question,answer\nhow to undo,git reset\n")
    return tmp_path


@pytest.mark.parametrize("words", [["index", "docs"], ["tune", "pairs.csv"]], ids=" ".join)
def test_a_missing_device_is_refused_in_one_sentence(words: list[str], folder: Path, run: Run) -> None:
    ran = run(*words, "--device", "mps")
    assert ran.status == 1 and ran.out == ""
    (line,) = ran.err.splitlines()
    assert line.startswith("error: The device mps can't be used on this machine: torch ")
    assert line.endswith(" finds only cpu. Install a torch that is built for it, or use --device auto.")
    assert not (folder / ".simsearch").exists()


def test_the_setting_and_the_variable_name_a_device_too(folder: Path, run: Run) -> None:
    (folder / "simsearch.toml").write_text('[index]\ndevice = "cpu"\n')
    refused = run("index", "docs", SIMSEARCH_INDEX_DEVICE="gpu")
    assert "SIMSEARCH_INDEX_DEVICE" in refused.err and refused.status == 1
    done = run("index", "docs", "--format", "json")
    assert done.status == 0, done.err
    assert done.json["devices"] == {"cpu": 1}


def test_the_summary_names_the_device(folder: Path, run: Run) -> None:
    ran = run("index", "docs")
    assert " s on cpu, none longer than the model reads." in ran.out, ran.err
