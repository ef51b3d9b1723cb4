"""Exports of one model that meet: whoever is first wins, nobody loses, and nothing is left lying."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simsearch.embedding.engine import OnnxEmbedder
from simsearch.embedding.fingerprints import fingerprint
from simsearch.embedding.onnx_models import ensure_exported, is_ready
from simsearch.embedding.places import FACTS, Places
from simsearch.onnx_export.export import export
from simsearch.onnx_export.replacing import replace_folder
from simsearch.settings import Settings
from simsearch.torch_models import open_sentence_transformer
from tests.conftest import PROJECT, python_path
from tests.support.tiny_models import save_tiny_model

MODEL, OTHER = "1" * 64, "2" * 64


def write(engine: Path, model: str = MODEL, graph: str = "a graph") -> None:
    (engine / FACTS).write_text(f'{{"fingerprint": "{model}"}}')
    (engine / "model.onnx").write_text(graph)


def test_an_engine_that_is_ready_by_then_stays_for_whoever_opens_it(tmp_path: Path) -> None:
    target = tmp_path / MODEL
    with replace_folder(target, MODEL) as slower:
        target.mkdir()
        write(target, graph="the first")
        write(slower, graph="the second")
    assert (target / "model.onnx").read_text() == "the first"
    assert list(tmp_path.iterdir()) == [target]


def test_the_faster_of_two_exports_is_enough(tmp_path: Path) -> None:
    target, another = tmp_path / MODEL, tmp_path / OTHER
    with replace_folder(another, OTHER) as unconcerned, replace_folder(target, MODEL) as slower:
        with replace_folder(target, MODEL) as faster:
            write(faster)
        assert not slower.exists()
        write(unconcerned, OTHER)
    assert is_ready(target, MODEL)
    assert is_ready(another, OTHER)


@pytest.mark.parametrize("there", [OTHER, None], ids=["of another model", "damaged"])
def test_an_engine_that_is_no_use_is_replaced(tmp_path: Path, there: str | None) -> None:
    target = tmp_path / "run" / "onnx"
    target.mkdir(parents=True)
    write(target, there) if there else (target / FACTS).write_text("{")
    with replace_folder(target, MODEL) as making:
        write(making)
    assert is_ready(target, MODEL)
    assert list(target.parent.iterdir()) == [target]


def test_an_engine_that_can_not_be_put_in_its_place_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replace_folder(tmp_path / "onnx", MODEL) as making:
        making.rmdir()


def test_what_a_killed_export_left_goes_with_the_next_one(tmp_path: Path) -> None:
    target = tmp_path / MODEL
    killed = f"""
import os
from pathlib import Path
from simsearch.onnx_export.replacing import replace_folder
with replace_folder(Path({str(target)!r}), {MODEL!r}) as making:
    (making / "model.onnx").write_text("half of it")
    os._exit(9)
"""
    environment = {**os.environ, "PYTHONPATH": python_path(PROJECT)}
    assert subprocess.run([sys.executable, "-c", killed], env=environment, check=False).returncode == 9
    assert len(list(tmp_path.iterdir())) == 1
    with replace_folder(target, MODEL) as making:
        write(making)
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_export_is_none_where_another_process_was_faster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages, model, settings = (
        tmp_path / "packages",
        tmp_path / "model",
        Settings(cache=str(tmp_path / "cache")),
    )
    packages.mkdir()
    model.mkdir()
    target = Path(settings.cache) / fingerprint(model)
    (packages / "torch.py").write_text(
        "from pathlib import Path\n"
        f"Path({str(target)!r}).mkdir(parents=True)\n"
        f'(Path({str(target)!r}) / {FACTS!r}).write_text(\'{{"fingerprint": "{fingerprint(model)}"}}\')\n'
        "raise ValueError('what this one was making is gone')\n"
    )
    monkeypatch.setenv("PYTHONPATH", python_path(packages))
    assert ensure_exported("mine", model, Places.of(settings), None) == target
    assert [path.name for path in target.iterdir()] == [FACTS]


def test_a_truncated_model_gives_the_first_components(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path / "model")
    config = folder / "config_sentence_transformers.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "truncate_dim": 8}))
    export(folder, tmp_path / "engine", "truncated")
    vectors = OnnxEmbedder("mine", tmp_path / "engine").encode(["the words", "of all files"])
    expected = open_sentence_transformer(folder).encode(
        ["the words", "of all files"], normalize_embeddings=True
    )
    assert vectors.shape == (2, 8)
    assert vectors == pytest.approx(expected, abs=1e-5)
