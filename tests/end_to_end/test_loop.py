"""The whole loop with the real model: tune, index, query, from the command line and from Python."""

import json
import random
from pathlib import Path

import pytest

from simsearch import Workspace
from simsearch.querying.dense_weight import weigh_question
from tests.conftest import Run

ANIMALS = ["ant", "bear", "cat", "dog", "eel", "fox", "goat", "hen", "ibis", "jay"]


@pytest.fixture(scope="module")
def nl2bash(shared_data: Path) -> Path:
    return shared_data / "nl2bash"


@pytest.fixture(scope="module")
def test_pairs(nl2bash: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every third pair of the test set: enough for a narrow interval, in a third of the time."""
    lines = (nl2bash / "test.pairs.jsonl").read_text().splitlines(keepends=True)
    path = tmp_path_factory.mktemp("nl2bash") / "test.jsonl"
    path.write_text("".join(lines[::3]))
    return path


def test_tuning_helps_where_the_base_does_not_know_the_language(
    nl2bash: Path, test_pairs: Path, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path)
    report = workspace.tune(nl2bash / "train.pairs.jsonl", test=test_pairs, limit=640, epochs=1)
    assert report.gain["nDCG@10"] >= 0.06
    assert report.interval[0] > 0
    assert report.promoted
    assert workspace.runs.promoted() == report.run

    folder = tmp_path / ".simsearch" / "models" / report.run
    record = json.loads((folder / "run.json").read_text())
    assert record["pairs"]["train"] == report.pairs["train"]
    assert record["versions"]["torch"]

    from sentence_transformers import SentenceTransformer

    from simsearch.embedding import Places, load_embedder
    from simsearch.settings import load_settings

    texts = ["list files", "find . -name '*.py'"]
    plain = SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)
    ours = load_embedder(report.run, places=Places.of(load_settings(folder), folder.parent)).encode(texts)
    assert (plain * ours).sum(axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_nonsense_is_not_promoted(nl2bash: Path, test_pairs: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (nl2bash / "train.pairs.jsonl").read_text().splitlines()[:3000:10]]
    positives = [row["positive"] for row in rows]
    random.Random(0).shuffle(positives)
    nonsense = tmp_path / "nonsense.jsonl"
    nonsense.write_text(
        "".join(
            json.dumps({"anchor": r["anchor"], "positive": p}) + "\n"
            for r, p in zip(rows, positives, strict=True)
        )
    )
    workspace = Workspace(tmp_path)
    report = workspace.tune(nonsense, test=test_pairs, epochs=1)
    assert not report.promoted
    assert workspace.runs.promoted() is None


def test_the_three_commands(run: Run, tmp_path: Path) -> None:
    """An index answers with its own model until `index` moves it to the one that was promoted since."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for animal in ANIMALS:
        (docs / f"{animal}.md").write_text(f"# The {animal}\n\nHow to feed and house a {animal}.\n")
    pairs = [
        {"anchor": f"what does my {animal} need, {word}", "positive": f"Care of the {animal}: {word}"}
        for animal in ANIMALS
        for word in ("winter", "summer", "travel", "age", "illness")
    ]
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in pairs))

    indexed = run("index", "docs", "--format", "json")
    assert indexed.status == 0, indexed.err
    assert indexed.json["added"] == len(ANIMALS)
    question = ("query", "my fox is hungry", "-k", 3, "--format", "json")
    before = run(*question)
    assert before.err == ""
    assert (
        f"({weigh_question('my fox is hungry'):g} dense" in run("query", "my fox is hungry", "--explain").out
    )

    tuned = run(
        "tune", "pairs.jsonl", "--split", "random", "--epochs", 1, "--promote", "always", "--format", "json"
    )
    assert tuned.status == 0, tuned.err
    assert tuned.json["promoted"]
    assert set(tuned.json) >= {"run", "base", "tuned", "gain", "interval", "reason", "pairs", "seconds"}
    assert f"Exporting {tuned.json['run']} to ONNX" in tuned.err
    after = run(*question)
    assert after.json == before.json
    assert "Run `simsearch index` to switch to it" in after.err

    (docs / "owl.md").write_text("# The owl\n\nHow to feed and house an owl.\n")
    moved = run("index", "docs", "--format", "json").json
    assert (moved["added"], moved["unchanged"]) == (1, len(ANIMALS))
    found = run(*question)
    assert (found.status, found.err) == (0, "")
    assert [hit["rank"] for hit in found.json] == [1, 2, 3]
    best = found.json[0]
    assert best["path"] == "docs/fox.md"
    assert best["score"] != before.json[0]["score"]
    assert best["lines"][0] >= 1
    assert best["text"] in (docs / "fox.md").read_text()
    explained = run("query", "my fox is hungry", "--explain").out
    assert "docs/fox.md" in explained
    assert f"({weigh_question('my fox is hungry', tuned=True):g} dense" in explained

    (docs / "fox.md").write_text("# The fox\n\nFoxes are wild and need no owner.\n")
    (docs / "hen.md").unlink()
    again = run("index", "docs", "--format", "json").json
    assert (again["added"], again["changed"], again["removed"], again["unchanged"]) == (0, 1, 1, 9)


def test_the_classic_recipe_runs(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.json"
    pairs.write_text(json.dumps([[f"question {i**3}", f"answer {i**5}"] for i in range(40)]))
    report = Workspace(tmp_path).tune(pairs, recipe="classic", epochs=1)
    assert report.pairs == {"train": 32, "dev": 0, "test": 8}
    assert any("ignores the random scores" in note for note in report.notes)
