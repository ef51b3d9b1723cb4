"""Which weights are kept, by what the dev part says of them on the way."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from simsearch.tuning.judging.measures import Questions
from simsearch.tuning.training.checkpoints import BestCheckpoint

ASKED = 24
QUESTIONS = Questions(
    texts=tuple(f"question {i}" for i in range(ASKED)),
    documents=tuple(f"document {i}" for i in range(ASKED)),
    relevant=tuple(frozenset({i}) for i in range(ASKED)),
)
ARGUMENTS = SimpleNamespace(num_train_epochs=2)


class Knowing(torch.nn.Module):
    """A model whose only weight says what share of the questions it answers."""

    device = torch.device("cpu")

    def __init__(self) -> None:
        super().__init__()
        self.knows = torch.nn.Parameter(torch.tensor(0.0))

    def encode_document(self, texts: Sequence[str], **_: Any) -> Any:
        return np.eye(ASKED, dtype=np.float32)[[int(text.split()[1]) for text in texts]]

    def encode_query(self, texts: Sequence[str], **_: Any) -> Any:
        known = self.encode_document(texts)
        known[round(float(self.knows.detach()) * ASKED) :] *= -1
        return known


def trained(scores: Sequence[tuple[int, float]]) -> tuple[BestCheckpoint, Knowing]:
    """What is kept of a run of two epochs of 8 steps, that answers so much after those steps and ends with them."""
    model = Knowing()
    checkpoints = BestCheckpoint(model, QUESTIONS)
    state = SimpleNamespace(max_steps=16, global_step=0, epoch=0.0)
    checkpoints.on_train_begin(ARGUMENTS, state, None)
    for step, score in scores:
        model.knows.data.fill_(score)
        state.global_step, state.epoch = step, step / 8
        checkpoints.on_step_end(ARGUMENTS, state, None)
        if step % 8 == 0:
            checkpoints.on_epoch_end(ARGUMENTS, state, None)
    if step % 8:  # a deadline ends an epoch early
        checkpoints.on_epoch_end(ARGUMENTS, state, None)
    return checkpoints, model


def test_the_end_of_an_epoch_is_kept_though_a_step_on_the_way_was_better() -> None:
    checkpoints, model = trained([(2, 0.9), (4, 1.0), (8, 0.5)])
    assert checkpoints.best == 1
    assert float(checkpoints.weights["knows"]) == 0.5
    checkpoints.keep_best()
    assert (checkpoints.share, model.knows.item()) == (1.0, 0.5)


def test_of_an_epoch_that_was_cut_short_the_best_on_the_way_is_kept() -> None:
    checkpoints, _ = trained([(1, 0.3), (2, 0.9), (4, 0.3), (6, 0.2)])
    assert float(checkpoints.weights["knows"]) == np.float32(0.9)


def test_a_later_epoch_that_is_clearly_worse_is_not_kept() -> None:
    checkpoints, model = trained([(8, 0.9), (16, 0.4)])
    checkpoints.keep_best()
    assert checkpoints.best == 1
    assert model.knows.item() == np.float32(0.9)


def test_a_later_epoch_that_is_as_good_is_kept() -> None:
    checkpoints, _ = trained([(8, 0.9), (16, 0.9)])
    assert checkpoints.best == 2
