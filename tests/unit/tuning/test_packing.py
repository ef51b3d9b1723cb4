"""Packed batches: the same embeddings, loss and gradient as whole ones, with less padding."""

from collections.abc import Iterator
from itertools import chain, combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import CNN, Pooling

from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.torch_models import open_sentence_transformer
from simsearch.tuning.plan import make_plan
from simsearch.tuning.training.flat import ARCHITECTURES as FLAT
from simsearch.tuning.training.flat import Flat, flat_transformer
from simsearch.tuning.training.objective import make_loss
from simsearch.tuning.training.packing import packed, packed_for
from simsearch.tuning.training.padded import PIECE, Padded
from simsearch.types import Pair
from tests.support.tiny_models import ARCHITECTURES, save_tiny_model

REGISTRY = Registry.load()
PAIRS = [Pair("the file", "how do i " * (1 + i % 7), ("undo " * (i + 1),), score=i / 12) for i in range(12)]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    loaded = open_sentence_transformer(save_tiny_model(tmp_path_factory.mktemp("models") / "bert"))
    return loaded.eval().double()  # neither dropout nor rounding: the two ways must agree


def loss_and_gradient(model: Any, loss: str, columns: list[list[str]]) -> tuple[float, torch.Tensor]:
    plan = make_plan(TuneSettings(loss=loss), PAIRS, REGISTRY)
    module = make_loss(plan, model, REGISTRY)
    labels = torch.tensor([pair.score for pair in PAIRS])
    model.zero_grad()
    value = module([model.preprocess(texts) for texts in columns], labels)
    value.backward()
    return value.item(), torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


@pytest.mark.parametrize(
    "loss",
    [
        "multiple-negatives",
        "multiple-negatives:directions=four",
        "cosent",
        "matryoshka:loss=cosent,dims=32/8",
    ],
)
def test_loss_and_gradient_are_those_of_the_whole_batch(model: Any, loss: str) -> None:
    columns = [[pair.anchor for pair in PAIRS], [pair.positive for pair in PAIRS]]
    value, gradient = loss_and_gradient(model, loss, columns)
    with packed(model, token_budget=32):
        packed_value, packed_gradient = loss_and_gradient(model, loss, columns)
    assert packed_value == pytest.approx(value, rel=1e-9)
    torch.testing.assert_close(packed_gradient, gradient, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("pooling", ["mean", "cls", "max", "weightedmean", "lasttoken"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_gives_the_same_embeddings_and_gradients(
    tmp_path: Path, architecture: str, pooling: str, dense: bool
) -> None:
    saved = save_tiny_model(tmp_path / "model", architecture, pooling=pooling, dense=dense)
    tiny = open_sentence_transformer(saved).eval().double()
    texts = ["how do i undo the last commit", "x", "", "list of files", "undo a <pad> [PAD] file", "x"]
    ways = torch.randn(len(texts), tiny.get_embedding_dimension(), dtype=torch.float64)

    def embeddings_and_gradient() -> tuple[torch.Tensor, torch.Tensor]:
        tiny.zero_grad()
        embeddings = tiny(tiny.preprocess(texts))["sentence_embedding"]
        (embeddings * ways).sum().backward()
        return embeddings, torch.cat([p.grad.flatten() for p in tiny.parameters() if p.grad is not None])

    whole = embeddings_and_gradient()
    with packed(tiny, token_budget=20):
        in_pieces = embeddings_and_gradient()
    # On the left, padding moves the positions, whose rotations transformers computes in float32.
    exact = {"rtol": 1e-4, "atol": 1e-6} if architecture == "qwen3" else {"rtol": 1e-9, "atol": 1e-12}
    torch.testing.assert_close(in_pieces, whole, **exact)


def test_a_prompt_that_pooling_leaves_out_is_left_out_of_rows_too(tmp_path: Path) -> None:
    tiny = open_sentence_transformer(
        save_tiny_model(tmp_path / "model", prompts={"query": "how do i "})
    ).eval()
    tiny[1].include_prompt = False
    asked = ["undo the last commit", "list a file"]
    own = tiny.encode(asked, prompt_name="query")
    with packed(tiny):
        np.testing.assert_allclose(tiny.encode(asked, prompt_name="query"), own, atol=1e-6)
    assert not np.allclose(tiny.encode(asked), own, atol=1e-3)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_pieces_hold_no_more_than_the_budget(tmp_path: Path, architecture: str) -> None:
    tiny = open_sentence_transformer(save_tiny_model(tmp_path / "model", architecture)).eval()
    shapes = []
    handle = tiny[0].register_forward_pre_hook(
        lambda module, inputs: shapes.append(inputs[0]["input_ids"].shape)
    )
    texts = ["x " * (1 + i % 7) for i in range(12)]
    with packed(tiny, token_budget=20), torch.no_grad():
        tiny(tiny.preprocess(texts))
    handle.remove()
    assert len(shapes) > 1
    assert all(rows * width <= 20 for rows, width in shapes)
    if architecture in FLAT:
        assert sum(rows * width for rows, width in shapes) == sum(3 + i % 7 for i in range(12))


def test_a_model_runs_as_before_after_it_ran_in_rows(model: Any) -> None:
    transformer = flat_transformer(model)
    assert transformer is not None
    own = transformer.config._attn_implementation
    with packed(model), torch.no_grad():
        model(model.preprocess(["one", "two words"]))
        assert transformer.config._attn_implementation == own
        with pytest.raises(KeyError):
            model({"input_ids": torch.ones(1, 2), "attention_mask": torch.ones(1, 2), "modality": "smell"})
    assert transformer.config._attn_implementation == own


def test_a_model_that_reads_across_tokens_before_pooling_gets_no_rows(tmp_path: Path) -> None:
    tiny = open_sentence_transformer(save_tiny_model(tmp_path / "model"))
    assert flat_transformer(tiny) is not None
    across = SentenceTransformer(modules=[tiny[0], CNN(32, 16), Pooling(48)], device="cpu")
    assert flat_transformer(across) is None


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_rows_are_cut_where_the_budget_ends(lengths: list[int]) -> None:
    pieces = Flat.cuts(lengths, 100)
    assert [begin for begin, _ in pieces] == [0, *(end for _, end in pieces[:-1])]
    assert pieces[-1][1] == len(lengths)
    assert all(sum(lengths[begin:end]) <= 100 for begin, end in pieces if end > begin + 1)
    assert all(sum(lengths[begin : end + 1]) > 100 for begin, end in pieces[:-1])


@given(st.lists(st.integers(1, 40), min_size=1, max_size=9))
def test_cuts_cost_least_of_all(lengths: list[int]) -> None:
    lengths.sort(reverse=True)
    cost = {
        pieces: sum(PIECE + lengths[begin] * (end - begin) for begin, end in pieces)
        for pieces in all_cuts(len(lengths))
        if all(lengths[begin] * (end - begin) <= 100 or end - begin == 1 for begin, end in pieces)
    }
    assert cost[tuple(Padded.cuts(lengths, budget=100))] == min(cost.values())


def all_cuts(count: int) -> Iterator[tuple[tuple[int, int], ...]]:
    for inner in chain.from_iterable(combinations(range(1, count), size) for size in range(count)):
        yield tuple(pairwise((0, *inner, count)))


@pytest.mark.parametrize(("read", "whole"), [("sentence_embedding", False), ("token_embeddings", True)])
def test_a_loss_that_reads_more_than_embeddings_gets_whole_batches(
    model: Any, read: str, whole: bool
) -> None:
    def loss(features: list[dict[str, Any]], labels: Any) -> Any:
        return model(features[0])[read].sum()

    before = model.forward
    with packed_for(loss, model, {"anchor": ["one", "two"]}):
        assert (model.forward == before) is whole


def test_the_model_is_itself_again_afterwards(model: Any) -> None:
    before = model.forward
    with packed(model):
        outer = model.forward
        with packed(model):
            assert model.forward is not outer
        assert model.forward is outer
    assert model.forward == before
