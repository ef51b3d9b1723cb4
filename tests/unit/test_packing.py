"""Packed batches: the same embeddings, loss and gradient as whole ones, with less padding."""

from collections.abc import Iterator
from itertools import chain, combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from simsearch.registry import Registry
from simsearch.settings import TuneSettings, load_settings
from simsearch.torch_models import open_sentence_transformer
from simsearch.tuning.plan import make_plan
from simsearch.tuning.training.objective import make_loss
from simsearch.tuning.training.packing import PIECE, cuts, packed, packed_for
from simsearch.types import Pair

REGISTRY = Registry.load()
PAIRS = [
    Pair("short", "one two three " * (1 + i % 7), ("wrong " * (i + 1),), score=i / 12) for i in range(12)
]


@pytest.fixture(scope="module")
def model() -> Any:
    from simsearch.embedding import find_model

    loaded = open_sentence_transformer(find_model("all-MiniLM-L6-v2", settings=load_settings(Path())))
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
        "matryoshka:loss=cosent,dims=384/64",
    ],
)
def test_loss_and_gradient_are_those_of_the_whole_batch(model: Any, loss: str) -> None:
    columns = [[pair.anchor for pair in PAIRS], [pair.positive for pair in PAIRS]]
    value, gradient = loss_and_gradient(model, loss, columns)
    with packed(model, token_budget=32):
        packed_value, packed_gradient = loss_and_gradient(model, loss, columns)
    assert packed_value == pytest.approx(value, rel=1e-9)
    torch.testing.assert_close(packed_gradient, gradient, rtol=1e-6, atol=1e-9)


def test_pieces_hold_no_more_than_the_budget(model: Any) -> None:
    shapes = []
    handle = model[0].register_forward_pre_hook(
        lambda module, inputs: shapes.append(inputs[0]["input_ids"].shape)
    )
    with packed(model, token_budget=32), torch.no_grad():
        model(model.preprocess([pair.positive for pair in PAIRS]))
    handle.remove()
    assert len(shapes) > 1
    assert all(rows * width <= 32 or rows == 1 for rows, width in shapes)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=9))
def test_cuts_cost_least_of_all(lengths: list[int]) -> None:
    lengths.sort(reverse=True)
    cost = {
        pieces: sum(PIECE + lengths[begin] * (end - begin) for begin, end in pieces)
        for pieces in all_cuts(len(lengths))
        if all(lengths[begin] * (end - begin) <= 100 or end - begin == 1 for begin, end in pieces)
    }
    assert cost[tuple(cuts(lengths, budget=100))] == min(cost.values())


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
