"""The score generators that ask a second model, with tiny models made on the spot."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch import InputError, Pair, Workspace
from simsearch.plugins.registry import Registry
from simsearch.testing import ScoreGeneratorContract

REGISTRY = Registry.load(only=["simsearch-teacher"])
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = [*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS), "red", "fox", "blue", "whale"]
PAIRS = [Pair("red fox", "red fox"), Pair("red fox", "blue whale"), Pair("whale", "a red fox and a whale")]


def bert(folder: Path, **changes: Any) -> Any:
    """A configuration of a tiny BERT, its WordPiece vocabulary saved in the folder."""
    import torch
    from transformers import BertConfig, BertTokenizerFast

    torch.manual_seed(0)
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=512, **changes,
    )  # fmt: skip


@pytest.fixture(scope="module")
def sentence_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    folder = tmp_path_factory.mktemp("teacher")
    BertModel(bert(folder / "raw")).save_pretrained(folder / "raw")
    modules = [Transformer(str(folder / "raw")), Pooling(16)]
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(str(folder / "model"))
    return folder / "model"


def cross_model(folder: Path, labels: int = 1) -> Path:
    from transformers import BertForSequenceClassification

    BertForSequenceClassification(bert(folder, num_labels=labels)).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def cross(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_model(tmp_path_factory.mktemp("cross") / "model")


@pytest.fixture(params=["teacher", "cross-encoder"])
def spec(request: pytest.FixtureRequest, sentence_model: Path, cross: Path) -> str:
    return f'{request.param}:model="{sentence_model if request.param == "teacher" else cross}"'


def scores(spec: str, pairs: list[Pair]) -> np.ndarray:
    return REGISTRY.score_generator(spec).value(pairs, np.random.default_rng(0))


def test_the_contract_is_kept(spec: str) -> None:
    ScoreGeneratorContract.of(spec, REGISTRY).verify()


def test_the_teacher_gives_the_models_cosine_brought_to_0_and_1(sentence_model: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(sentence_model), device="cpu")
    sides = [model.encode([getattr(pair, side) for pair in PAIRS]) for side in ("anchor", "positive")]
    one, other = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in sides)
    found = scores(f'teacher:model="{sentence_model}"', PAIRS)
    assert found == pytest.approx((1 + (one * other).sum(axis=1)) / 2, abs=1e-5)
    assert found[0] == pytest.approx(1, abs=1e-6) and found[1] < 1


def test_the_cross_encoder_gives_the_sigmoid_of_the_models_logit(cross: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokens = AutoTokenizer.from_pretrained(cross)(
        [pair.anchor for pair in PAIRS], [pair.positive for pair in PAIRS], padding=True, return_tensors="pt"
    )
    with torch.no_grad():
        logits = AutoModelForSequenceClassification.from_pretrained(cross).eval()(**tokens).logits[:, 0]
    assert scores(f'cross-encoder:model="{cross}"', PAIRS) == pytest.approx(
        torch.sigmoid(logits).numpy(), abs=1e-5
    )


def test_the_batch_size_changes_nothing(spec: str) -> None:
    assert scores(f"{spec},batch_size=1", PAIRS) == pytest.approx(scores(spec, PAIRS), abs=1e-5)


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (
            "teacher:model=no-such",
            "'teacher' can't load its model: There is no model 'no-such' on this machine",
        ),
        (
            "cross-encoder:model=no-such",
            "'cross-encoder' can't load its model: no-such holds no cross-encoder: there is no config.json",
        ),
        ("teacher:model=x,batch_size=0", "'teacher' needs a batch_size of 1 or more, not 0"),
    ],
)
def test_what_isnt_there_is_refused_in_a_sentence(spec: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        REGISTRY.score_generator(spec)


def test_a_model_with_several_outputs_is_refused(tmp_path: Path) -> None:
    folder = cross_model(tmp_path / "classes", labels=3)
    with pytest.raises(InputError, match=r"The model in .* gives 3 scores for two texts"):
        REGISTRY.score_generator(f'cross-encoder:model="{folder}"')


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    folder = cross_model(tmp_path / "pickled")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"The model in .* can't be loaded: .* with safetensors weights"):
        REGISTRY.score_generator(f'cross-encoder:model="{folder}"')


def test_a_teacher_trains_with_margin_mse(tmp_path: Path) -> None:
    """The whole way: `tune` asks the real model about positives and negatives."""
    animals = ["ant", "bear", "cat", "dog", "eel", "fox", "goat", "hen", "ibis", "jay"]
    rows = [
        {
            "anchor": f"what does my {animal} need, {word}",
            "positive": f"Care of the {animal}: {word}",
            "negative": f"A song about {animals[number - 1]} number {len(word) + number}",
        }
        for number, animal in enumerate(animals)
        for word in ("winter", "summer", "travel", "age", "illness", "food")
    ]
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text("".join(json.dumps(row) + "\n" for row in rows))
    workspace = Workspace(tmp_path, registry=REGISTRY)
    report = workspace.tune(
        pairs, scores="teacher:model=all-MiniLM-L6-v2", loss="margin-mse", split="random", epochs=1
    )
    kept = workspace.runs.record(report.run)
    assert kept["plan"]["kind"] == "margins"
    assert kept["plan"]["loss"] == "margin-mse"
    assert kept["plugins"]["simsearch-teacher"] == "0.1.0"
