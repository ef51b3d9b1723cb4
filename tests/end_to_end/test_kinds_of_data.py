"""Data that is not plain pairs, from file to verdict on a model made on the spot."""

import json
import random
from pathlib import Path

import pytest

from simsearch import Workspace
from tests.conftest import Run
from tests.support.tiny_models import WORDS, save_tiny_model

PLAIN = [word for word in WORDS if not word.startswith("##")]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("models") / "base")


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_texts_with_labels_train_and_judge_by_class(base: Path, tmp_path: Path) -> None:
    """A class is two words that have nothing in common but to be said alike: the base can't know."""
    chance = random.Random(0)
    classes = len(PLAIN) // 2
    rows = []
    for number in range(400):
        class_ = number % classes
        words = [PLAIN[class_ + classes * chance.randrange(2)]] * 4 + chance.choices(PLAIN, k=3)
        chance.shuffle(words)
        rows.append({"text": " ".join(words), "label": f"class {class_}"})
    file = write(tmp_path / "labelled.jsonl", rows)
    report = Workspace(tmp_path).tune(
        file, base=str(base), loss="multiple-negatives", epochs=6, learning_rate=2e-3
    )
    said = f"texts of {classes} classes; each is paired with the next of its class"
    assert any(said in note for note in report.notes)
    assert report.gain["nDCG@10"] > 0.05, report
    assert 250 < report.pairs["train"] < 330


def test_mined_negatives_train(base: Path, tmp_path: Path) -> None:
    chance = random.Random(0)
    rows = []
    for _ in range(300):
        words = chance.choices(PLAIN, k=8)
        answer = [PLAIN[-1 - PLAIN.index(word)] for word in words]
        rows.append({"anchor": " ".join(words), "positive": " ".join(answer)})
    file = write(tmp_path / "pairs.jsonl", rows)
    report = Workspace(tmp_path).tune(
        file, base=str(base), negatives="mined:nearest=2", epochs=2, learning_rate=1e-3
    )
    assert any("Negatives mined:nearest=2: " in note for note in report.notes)
    assert report.pairs["train"] > 150


def test_pairs_made_of_documents_can_be_tuned_on_as_they_are(run: Run, base: Path, tmp_path: Path) -> None:
    chance = random.Random(0)
    (tmp_path / "docs").mkdir()
    for number in range(80):
        name, text = (" ".join(chance.choices(PLAIN, k=k)) for k in (5, 40))
        (tmp_path / "docs" / f"{number}.md").write_text(f"# {name}\n\n{text}\n")
    made = run("pairs", "make", "docs", "--output", "pairs.csv", "--format", "json")
    assert made.status == 0, made.err
    assert made.json["kinds"]["headings"] == made.json["pairs"] > 70
    again = run("pairs", "make", "docs", "--output", "pairs.csv")
    assert again.status == 1
    assert "add --overwrite" in again.err
    ran = run("tune", "pairs.csv", "--base", base, "--dry-run", "--format", "json")
    assert ran.status == 0, ran.err
    assert sum(ran.json["pairs"].values()) > 70
