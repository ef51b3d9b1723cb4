"""Tables of token vectors, distilled from a tiny model that is made on the spot."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from simsearch_static.embedder import StaticEmbedder
from simsearch_static.making import Facts, frequency_weights, make_table

from simsearch import InputError
from simsearch.errors import ModelError
from simsearch.plugins.registry import Registry
from simsearch.testing import CommandContract, EmbedderContract
from simsearch.testing.losses import tiny_model

REGISTRY = Registry.load(only=["simsearch-static"])
FULL = 32


class TestCommandContract(CommandContract):
    spec = "static"


@pytest.fixture(scope="module")
def network() -> Any:
    return tiny_model()


@pytest.fixture(scope="module")
def model(network: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    network.save_pretrained(str(folder), create_model_card=False)
    return folder


def make(model: Path, target: Path, dimensions: int = FULL) -> Facts:
    return make_table("tiny", model, target, dimensions, lambda event: None)


@pytest.fixture(scope="module")
def table(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("tables") / "tiny"
    make(model, target)
    return target


def test_the_contract_is_kept(table: Path) -> None:
    EmbedderContract.of(f'static:table="{table}"', REGISTRY).verify()


def token_vectors(network: Any) -> np.ndarray:
    """Each token between [CLS] and [SEP], one at a time, mean-pooled: before it is brought to unit length."""
    import torch

    rows = []
    for token in range(len(network.tokenizer)):
        ids = torch.tensor([[network.tokenizer.cls_token_id, token, network.tokenizer.sep_token_id]])
        with torch.inference_mode():
            rows.append(network[0].model(input_ids=ids).last_hidden_state[0].mean(dim=0).numpy())
    return np.array(rows, dtype=np.float64)


def test_a_vector_is_the_weighted_mean_of_the_models_own_token_vectors(network: Any, table: Path) -> None:
    vectors = token_vectors(network)
    vectors -= vectors.mean(axis=0)
    names = network.tokenizer.convert_tokens_to_ids
    weights = frequency_weights(np.isin(np.arange(len(vectors)), network.tokenizer.all_special_ids))

    def expected(*tokens: str) -> np.ndarray:
        total = sum(weights[i] * vectors[i] for i in map(names, tokens))
        return total / np.linalg.norm(total)

    found = StaticEmbedder("it", table).encode(["a", "b", "ab c", "xyz"])
    wanted = np.array([expected("a"), expected("b"), expected("a", "##b", "c"), expected("x", "##y", "##z")])
    # principal components of all dimensions turn the space, and leave angles as they are
    assert found @ found.T == pytest.approx(wanted @ wanted.T, abs=5e-3)


def test_frequent_tokens_weigh_less_by_zipfs_law() -> None:
    shares = np.array([0, 1 / 2, 0, 1 / 3, 1 / 4]) / (1 / 2 + 1 / 3 + 1 / 4)
    found = frequency_weights(np.array([True, False, True, False, False]))
    assert found == pytest.approx(1e-4 / (1e-4 + shares))


def test_fewer_dimensions_are_the_first_ones(model: Path, table: Path, tmp_path: Path) -> None:
    make(model, tmp_path / "small", 8)
    small, full = (
        StaticEmbedder("it", folder).encode(["ab", "cd"]) for folder in (tmp_path / "small", table)
    )
    cut = full[:, :8] / np.linalg.norm(full[:, :8], axis=1, keepdims=True)
    assert small.shape == (2, 8) and np.abs(small - cut).max() < 1e-3


def test_one_model_gives_one_table(model: Path, table: Path, tmp_path: Path) -> None:
    again, other = make(model, tmp_path / "again"), make(model, tmp_path / "other", 8)
    assert again.fingerprint == json.loads((table / "table.json").read_text())["fingerprint"]
    assert other.fingerprint != again.fingerprint
    assert (again.dimensions, again.longest) == (FULL, 64)


@pytest.mark.parametrize("text", ["", "日本語", "[UNK]"])
def test_a_text_without_known_words_has_the_unknown_words_vector(text: str, table: Path) -> None:
    embedder = StaticEmbedder("it", table)
    assert embedder.encode([text, "a"])[0] == pytest.approx(embedder.encode([""])[0])


def test_what_cant_be_distilled_is_refused_and_leaves_nothing(model: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tiny has vectors of 32 numbers; --dimensions can't be 33"):
        make(model, tmp_path / "table", 33)
    with pytest.raises(ModelError, match="can't be loaded"):
        make(tmp_path, tmp_path / "table")
    assert list(tmp_path.iterdir()) == []


def simsearch(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "simsearch", *map(str, words)], cwd=folder, text=True,
        env={**os.environ, "SIMSEARCH_CACHE": str(folder / "cache"), "SIMSEARCH_PLUGINS": "simsearch-static"},
        capture_output=True, check=False,
    )  # fmt: skip


def test_the_whole_way_from_a_model_to_hits(model: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("bread and butter")
    assert (
        "'static' has no table 'tiny'. The tables are: none."
        in simsearch(tmp_path, "index", "notes.txt", "--model", "static:table=tiny").stderr
    )
    made = simsearch(
        tmp_path, "static", "make", model, "--name", "tiny", "--dimensions", 16, "--format", "json"
    )
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["dimensions"] == 16
    twice = simsearch(tmp_path, "static", "make", model, "--name", "tiny")
    assert twice.returncode == 1 and "There is already a table 'tiny'" in twice.stderr
    indexed = simsearch(tmp_path, "index", "notes.txt", "--model", "static:table=tiny")
    assert indexed.returncode == 0, indexed.stderr
    asked = simsearch(tmp_path, "query", "butter", "--format", "json")
    assert [hit["path"] for hit in json.loads(asked.stdout)] == ["notes.txt"]
    imported = {line.rpartition("|")[2].strip() for line in asked.stderr.splitlines()}
    assert "simsearch_static.embedder" in imported
    assert imported.isdisjoint({"torch", "onnxruntime", "transformers", "simsearch_static.command"})
