"""A model moves to another device only if it gives the same vectors there; here the device is the CPU."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch.devices import ChosenDevice, sign_of_gpu
from simsearch.embedding.fallback import TorchEmbedder
from simsearch.embedding.moving import FEW, SAME, MovingEmbedder, move
from simsearch.errors import DeviceMissing, ModelError
from simsearch.types import Truncation
from tests.support.tiny_models import save_tiny_model

TEXTS = ["how do i undo the last commit", "word", "a list of files", "word " * 100, "the file"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("moving") / "model")


@pytest.fixture(scope="module")
def on_cpu(folder: Path) -> Any:
    return TorchEmbedder("tiny", folder, "fingerprint")


@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
def test_half_precision_gives_the_same_vectors(precision: Any, on_cpu: Any, folder: Path) -> None:
    moved, cosine = move(on_cpu, folder, "cpu", TEXTS, precisions=[precision, "float32"])
    assert moved.precision == precision
    assert (moved.fingerprint, moved.tokens) == (on_cpu.fingerprint, on_cpu.tokens)
    assert moved.truncation == Truncation()
    vectors = moved.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert SAME <= cosine < 1
    assert (vectors * on_cpu.encode(TEXTS)).sum(axis=1).min() == pytest.approx(cosine, abs=1e-6)
    assert moved.truncation == Truncation(1, 70)


def widened(folder: Path, factor: float) -> Path:
    """The model with activations beyond the range of float16."""
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    names = [name for name in weights if name.endswith("intermediate.dense.weight")]
    save_file({**weights, **{name: weights[name] * factor for name in names}}, folder / "model.safetensors")
    return folder


def test_a_model_that_half_precision_cannot_hold_runs_in_full(tmp_path: Path) -> None:
    folder = widened(save_tiny_model(tmp_path / "model"), 1e6)
    on_cpu = TorchEmbedder("tiny", folder, "fingerprint")
    moved, cosine = move(on_cpu, folder, "cpu", TEXTS)
    assert moved.precision == "float32" and cosine == pytest.approx(1)


def test_a_device_that_computes_something_else_is_refused(tmp_path: Path, on_cpu: Any) -> None:
    other = save_tiny_model(tmp_path / "model", pooling="max")
    with pytest.raises(
        ModelError, match=r"tiny gives other vectors on cpu than on the CPU \(lowest cosine 0\."
    ):
        move(on_cpu, other, "cpu", TEXTS)


def test_a_named_device_that_is_missing_is_refused(on_cpu: Any, folder: Path) -> None:
    with pytest.raises(DeviceMissing):
        MovingEmbedder(on_cpu, folder, "mps").encode(TEXTS)


without_gpu = pytest.mark.skipif(
    sign_of_gpu() is not None, reason="this machine may have a GPU, which would be used"
)


@without_gpu
def test_without_a_gpu_the_cpu_goes_on_and_it_is_said_once(on_cpu: Any, folder: Path) -> None:
    said: list[Any] = []
    embedder = MovingEmbedder(on_cpu, folder, "auto", said.append)
    texts = [f"word {'a ' * (i % 9)}" for i in range(FEW)]
    few = embedder.encode(texts)
    assert not said
    assert np.array_equal(few, on_cpu.encode(texts))
    for _ in range(2):
        embedder.encode(TEXTS)
    assert [notice.text for notice in said] == ["Device cpu: no GPU was found on this machine."]
    assert embedder.device == "cpu"


@without_gpu
def test_a_gpu_that_cannot_run_the_model_leaves_it_to_the_cpu(on_cpu: Any, folder: Path) -> None:
    said: list[Any] = []
    claimed = ChosenDevice("mps", "Device mps: the Apple GPU.")  # which torch can't use on this machine
    embedder = MovingEmbedder(on_cpu, folder, "auto", said.append, lambda setting: claimed)
    texts = [f"word {'a ' * (i % 9)}" for i in range(FEW + 1)]
    assert np.array_equal(embedder.encode(texts), on_cpu.encode(texts))
    (notice,) = said
    assert (
        notice.warning
        and notice.text.startswith("The CPU embeds in full precision: ")
        and "--device" not in notice.text
        and "mps" in notice.text
    )
    with pytest.raises(ModelError, match="mps"):
        MovingEmbedder(on_cpu, folder, "mps", choose=lambda setting: claimed).encode(texts)
