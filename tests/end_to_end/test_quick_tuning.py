"""A linear map from pairs to answers: tuned in a moment, indexed without embedding, and gone back on."""

import json
import random
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from simsearch import Workspace
from simsearch.embedding.fingerprints import fingerprint
from simsearch.embedding.onnx_models import is_ready
from simsearch.indexing import Model, index
from simsearch.torch_models import open_sentence_transformer
from simsearch.tuning.reporting.report import TuneReport
from simsearch.types import Event, Notice
from simsearch.workspace.indexing import open_worker
from tests.support.tiny_models import WORDS, save_tiny_model

PLAIN = [word for word in WORDS if not word.startswith("##")]


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, TuneReport]:
    """A workspace with an index by a base model, and a map on it for pairs of words and their opposites."""
    folder = tmp_path_factory.mktemp("quick")
    base = save_tiny_model(folder / "base", prompts={"query": "list ", "document": ""})
    chance = random.Random(0)
    questions = [chance.choices(PLAIN, k=8) for _ in range(200)]
    rows = [(" ".join(q), " ".join(PLAIN[-1 - PLAIN.index(word)] for word in q)) for q in questions]
    lines = [json.dumps({"anchor": question, "positive": answer}) for question, answer in rows]
    (folder / "pairs.jsonl").write_text("\n".join(lines))
    (folder / "docs").mkdir()
    for number, (_, answer) in enumerate(rows[:40]):
        (folder / "docs" / f"{number}.txt").write_text(answer)
    workspace = Workspace(folder)
    workspace.index(folder / "docs", model=str(base))
    report = workspace.tune(folder / "pairs.jsonl", base=str(base), quick=True)
    return workspace, report


def test_a_map_is_judged_promoted_and_kept_as_a_model(tuned: tuple[Workspace, TuneReport]) -> None:
    workspace, report = tuned
    assert report.promoted and report.map is not None and report.map.helps
    assert (report.steps, report.curve) == (0, {})
    folder = workspace.runs.path(report.run)
    assert is_ready(folder / "onnx", fingerprint(folder))
    model, ours = open_sentence_transformer(folder), workspace.models.load(report.run)
    texts = ["how do I undo the commit", "list files"]
    assert ours.encode(texts, "query") == pytest.approx(
        model.encode_query(texts, normalize_embeddings=True), abs=1e-5
    )
    assert ours.encode(texts) == pytest.approx(
        model.encode_document(texts, normalize_embeddings=True), abs=1e-5
    )


def test_an_index_moves_there_and_back_without_embedding(tuned: tuple[Workspace, TuneReport]) -> None:
    workspace, report = tuned
    docs, base = workspace.folder / "docs", str(workspace.folder / "base")
    for name in (report.run, base, report.run):
        moved = workspace.index(docs, model=name)
        assert (moved.chunks, moved.embedded) == (40, 0)
        assert workspace.status().index_model == name
        with workspace.open_searcher(mode="dense") as searcher:
            hits = searcher.ask("how do I undo").hits
        text = (workspace.folder / hits[0].path).read_text()
        embedder = workspace.models.load(name)
        cosine = embedder.encode(["how do I undo"], "query") @ embedder.encode([text]).T
        assert hits[0].score == pytest.approx(float(cosine[0, 0]), abs=2e-3)


def test_vectors_that_do_not_fit_are_embedded_again(tuned: tuple[Workspace, TuneReport]) -> None:
    workspace, report = tuned
    workspace.index(workspace.folder / "docs", model=str(workspace.folder / "base"))
    heard: list[Event] = []
    models = workspace.models
    model = Model(
        report.run,
        lambda: models.fingerprint(report.run),
        lambda: models.load(report.run),
        find_transfer=lambda name, fingerprint: np.negative,
    )
    moved = index(
        [workspace.folder / "docs"],
        workspace_folder=workspace.folder,
        store=workspace.store,
        model=model,
        chunker=workspace.registry.chunker("structure"),
        engine=workspace.registry.engine("local"),
        open_worker=partial(open_worker, workspace.folder, workspace.settings, report.run),
        registry=workspace.registry,
        observe=heard.append,
    )
    assert moved.embedded == 40
    assert any(isinstance(event, Notice) and "don't fit" in event.text for event in heard)


def test_pairs_without_a_common_map_say_so(tuned: tuple[Workspace, TuneReport], tmp_path: Path) -> None:
    workspace, _ = tuned
    chance = np.random.default_rng(0)
    lines = [
        json.dumps(
            {"anchor": " ".join(chance.choice(PLAIN, 8)), "positive": " ".join(chance.choice(PLAIN, 8))}
        )
        for _ in range(200)
    ]
    (tmp_path / "pairs.jsonl").write_text("\n".join(lines))
    report = Workspace(tmp_path).tune(
        tmp_path / "pairs.jsonl", base=str(workspace.folder / "base"), quick=True
    )
    assert not report.promoted
    assert report.map is not None and not report.map.helps
    assert "held-out folds the linear map gains no more than chance" in report.reason
