"""Models with a linear map in ONNX: added to the engine of their base, or exported whole."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch.embedding.engine import Facts, OnnxEmbedder
from simsearch.embedding.fingerprints import fingerprint
from simsearch.linear_maps.folders import save_mapped_model
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.onnx_export.export import export
from simsearch.onnx_export.mapping import add_map
from simsearch.onnx_export.reduced_precision import reduce
from simsearch.torch_models import open_sentence_transformer
from tests.support.tiny_models import save_tiny_model

TEXTS = ["how do I undo", "", "the word of all files"]


@pytest.mark.parametrize("questions_only", [True, False])
def test_both_ways_give_the_vectors_of_the_model(questions_only: bool, tmp_path: Path) -> None:
    base = save_tiny_model(tmp_path / "base", prompts={"query": "list ", "document": "the "})
    weights = np.random.default_rng(0).normal(scale=0.3, size=(32, 32)).astype(np.float32)
    save_mapped_model(base, tmp_path / "once", LinearMap(weights, questions_only), fingerprint(base))
    export(base, tmp_path / "engine", "base")
    add_map(tmp_path / "engine", tmp_path / "added", "once", tmp_path / "once")
    export(tmp_path / "once", tmp_path / "exported", "once")
    # A map on a mapped model.
    save_mapped_model(tmp_path / "once", tmp_path / "twice", LinearMap(-weights, True), "once")
    add_map(tmp_path / "added", tmp_path / "added twice", "twice", tmp_path / "twice")
    for engines, folder in ((("added", "exported"), "once"), (("added twice",), "twice")):
        model = open_sentence_transformer(tmp_path / folder)
        expected = {
            "query": model.encode_query(TEXTS, normalize_embeddings=True),
            "document": model.encode_document(TEXTS, normalize_embeddings=True),
        }
        for engine in engines:
            ours = OnnxEmbedder("mine", tmp_path / engine)
            assert ours.encode(TEXTS, "query") == pytest.approx(expected["query"], abs=1e-5)
            assert ours.encode(TEXTS, "document") == pytest.approx(expected["document"], abs=1e-5)


def test_a_mapped_engine_in_fewer_bits_keeps_its_roles(tmp_path: Path) -> None:
    base = save_tiny_model(tmp_path / "base")
    weights = np.random.default_rng(0).normal(scale=0.3, size=(32, 32)).astype(np.float32)
    save_mapped_model(base, tmp_path / "mapped", LinearMap(weights, True), "base")
    export(base, tmp_path / "engine", "base")
    add_map(tmp_path / "engine", tmp_path / "full", "mapped", tmp_path / "mapped")
    reduce(tmp_path / "full", tmp_path / "half", "half", "fp16")
    assert Facts.read(tmp_path / "half").outputs == Facts.read(tmp_path / "full").outputs
    full, half = (OnnxEmbedder("mine", tmp_path / name).encode(TEXTS, "query") for name in ("full", "half"))
    assert half == pytest.approx(full, abs=1e-2)


def test_an_engine_of_before_has_one_output(tmp_path: Path) -> None:
    engine: Any = tmp_path / "engine"
    export(save_tiny_model(tmp_path / "base"), engine, "base")
    facts = engine / "embedder.json"
    text = facts.read_text()
    facts.write_text(text[: text.index(',\n  "outputs"')] + "\n}")
    assert OnnxEmbedder("mine", engine).encode(TEXTS).shape == (3, 32)
