"""The sweep between base and tuned weights finds the best mix."""

import pytest
import torch

from simsearch.tuning.training.merging import best_share, mix, sweep

BASE = {"weight": torch.zeros(1, 1), "steps": torch.tensor(0)}
TUNED = {"weight": torch.ones(1, 1), "steps": torch.tensor(7)}


@pytest.mark.parametrize("target", [0.5, 0.75, 0.25])
def test_the_mixes_between_the_ends_are_scored(target: float) -> None:
    model = torch.nn.Linear(1, 1, bias=False)
    base, tuned = ({"weight": weights["weight"]} for weights in (BASE, TUNED))
    scores = sweep(model, base, tuned, lambda: -abs(float(model.weight.detach()) - target))
    assert best_share(scores) == target


def test_of_equals_the_larger_share_is_kept() -> None:
    assert best_share({0.0: 1.0, 0.5: 1.0, 1.0: 0.9}) == 0.5


def test_counters_stay_the_tuned_ones() -> None:
    assert mix(BASE, TUNED, 0.5)["steps"] == 7
