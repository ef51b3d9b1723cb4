"""Families of base models, with random weights: each is exported, trained, mapped and found again as it was.

Pooling, prompts and padding are those of the family; the vectors of the engine are compared with those of
sentence-transformers on the folder that a user would publish.
"""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets import Dataset

from simsearch.embedding.engine import OnnxEmbedder
from simsearch.linear_maps.folders import save_mapped_model
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.onnx_export.export import export
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.torch_models import open_sentence_transformer
from simsearch.tuning.plan import make_plan
from simsearch.tuning.training.objective import make_loss, training_columns
from simsearch.tuning.training.packing import packed_for
from simsearch.tuning.training.trainer import make_trainer, silence
from simsearch.types import Pair
from tests.support.tiny_models import WORDS, save_tiny_model

E5 = {"query": "list of ", "document": "the file "}
FAMILIES: dict[str, dict[str, Any]] = {
    "bge": {"architecture": "bert", "pooling": "cls"},
    "gte": {"architecture": "gte", "pooling": "cls"},
    "e5, multilingual": {"architecture": "xlm-roberta", "prompts": E5},
    "nomic": {"architecture": "nomic-bert", "prompts": E5, "longest": 60},
    "modernbert": {"architecture": "modernbert", "longest": 60, "normalise": False},
    "qwen3": {
        "architecture": "qwen3",
        "pooling": "lasttoken",
        "prompts": {"query": "how do i ", "document": ""},
    },
}
TEXTS = ["how do i undo the last commit", "word", "", "a list of files", "word " * 100, "the file"]
PLAIN = [word for word in WORDS if not word.startswith("##")]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_exported_trained_and_mapped(family: str, tmp_path: Path) -> None:
    base = save_tiny_model(tmp_path / "base", **FAMILIES[family])
    assert_the_engine_agrees(base, tmp_path / "engine of base")
    model = open_sentence_transformer(base)
    before = {name: weights.clone() for name, weights in model.state_dict().items()}
    train(model, tmp_path / "scratch")
    assert any((weights != before[name]).any() for name, weights in model.state_dict().items())
    model.save_pretrained(str(tmp_path / "tuned"), create_model_card=False)
    weights = np.random.default_rng(0).normal(scale=0.2, size=(32, 32)).astype(np.float32)
    save_mapped_model(tmp_path / "tuned", tmp_path / "mapped", LinearMap(weights, True), "tuned")
    assert_the_engine_agrees(tmp_path / "mapped", tmp_path / "engine of mapped")


def assert_the_engine_agrees(folder: Path, engine: Path) -> None:
    model = open_sentence_transformer(folder)
    export(folder, engine, "mine")
    ours = OnnxEmbedder("mine", engine)
    queries = model.encode_query(TEXTS, normalize_embeddings=True)
    documents = model.encode_document(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(ours.encode(TEXTS, "query"), queries, atol=1e-5)
    np.testing.assert_allclose(ours.encode(TEXTS, "document"), documents, atol=1e-5)
    assert ours.truncation.texts == 2  # the long one, in both roles


def train(model: Any, scratch: Path) -> None:
    """One epoch by the trainer that `tune` uses, on batches without padding."""
    chance = random.Random(0)
    pairs = [
        Pair(" ".join(chance.choices(PLAIN, k=5)), " ".join(chance.choices(PLAIN, k=9))) for _ in range(64)
    ]
    registry = Registry.load(only=())
    plan = make_plan(TuneSettings(epochs=1), pairs, registry)
    columns = training_columns(pairs, None, plan)
    loss = make_loss(plan, model, registry)
    with packed_for(loss, model, columns), silence():
        make_trainer(model, loss, Dataset.from_dict(columns), plan, 0, scratch).train()
