"""Graphs in fewer bits: models of their own, near the full one, steady whatever the batch."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch.embedding import Places, identify, load_embedder, split_precision, with_precision
from simsearch.errors import ModelError, ModelNotFound
from simsearch.models import Models, Runs
from simsearch.plugins.registry import Registry
from simsearch.settings import Settings, load_settings
from simsearch.types import Notice
from tests.unit.embedding.test_embedding import save_static_model

TEXTS = [f"text number {i} " + "and some more words " * (i % 40) for i in range(60)]


@pytest.fixture(scope="module")
def full() -> Any:
    return load_embedder("all-MiniLM-L6-v2")


@pytest.mark.parametrize(
    ("precision", "alike", "share", "steady"),
    # To int8 the last digit of an activation is a step of rounding.
    [("fp16", 0.9999, 0.51, 1 - 1e-6), ("int8", 0.99, 0.4, 0.999)],
)
def test_it_is_near_the_full_one_smaller_and_steady(
    full: Any, precision: str, alike: float, share: float, steady: float
) -> None:
    reduced: Any = load_embedder(f"all-MiniLM-L6-v2@{precision}")
    assert reduced.fingerprint != full.fingerprint
    assert reduced.fingerprint == identify(reduced.name, Places.of(load_settings(Path())))
    assert reduced.size < share * full.size
    vectors = reduced.encode(TEXTS)
    assert (vectors * full.encode(TEXTS)).sum(axis=1).min() > alike
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.concatenate([reduced.encode([text]) for text in TEXTS[::10]])
    assert (alone * vectors[::10]).sum(axis=1).min() > steady


def test_a_precision_is_the_end_of_a_name() -> None:
    assert split_precision("runs/a@b@int8") == ("runs/a@b", "int8")
    assert split_precision("me@home") == ("me@home", None)
    assert with_precision("a", None) == "a"


def test_a_precision_is_chosen_with_a_run_or_the_base_and_gone_back_on(tmp_path: Path) -> None:
    models = Models(Runs(tmp_path / "models"), load_settings(tmp_path), Registry())
    models.use("base@int8")
    assert (models.current, models.runs.promoted()) == ("all-MiniLM-L6-v2@int8", None)
    assert models.newer_than("all-MiniLM-L6-v2") == "all-MiniLM-L6-v2@int8"
    models.use("base")
    assert models.current == "all-MiniLM-L6-v2"
    with pytest.raises(ModelNotFound, match="No run is called 'gone'"):
        models.use("gone@int8")


def test_a_model_without_a_graph_has_no_precision_and_is_told_of(tmp_path: Path) -> None:
    folder = save_static_model(tmp_path / "model")
    settings = Settings(cache=str(tmp_path / "cache"), threads=1)
    models = Models(Runs(tmp_path / "models"), settings, Registry())
    assert models.why_slow(str(folder)) is None
    heard: list[Any] = []
    load_embedder(folder, places=Places.of(settings), observe=heard.append)
    assert any(isinstance(event, Notice) and event.warning for event in heard)
    assert models.why_slow(str(folder))
    with pytest.raises(ModelError, match="can't be used in int8"):
        models.load(f"{folder}@int8")
