"""The sweep between base and tuned weights finds the best mix."""

import pytest
import torch

from simsearch.tuning.merging import best_mix, mix

BASE = {"weight": torch.zeros(1, 1), "steps": torch.tensor(0)}
TUNED = {"weight": torch.ones(1, 1), "steps": torch.tensor(7)}


@pytest.mark.parametrize(("target", "share"), [(0.5, 0.5), (1.0, 1.0), (0.2, 0.25), (9.0, 1.0)])
def test_the_best_mix_is_kept(target: float, share: float) -> None:
    model = torch.nn.Linear(1, 1, bias=False)

    def score() -> float:
        return -abs(float(model.weight.detach()) - target)

    base, tuned = ({"weight": weights["weight"]} for weights in (BASE, TUNED))
    assert best_mix(model, base, tuned, score)[0] == share
    assert float(model.weight.detach()) == pytest.approx(share)


def test_of_equals_the_larger_share_is_kept() -> None:
    model = torch.nn.Linear(1, 1, bias=False)
    assert best_mix(model, {"weight": BASE["weight"]}, {"weight": TUNED["weight"]}, lambda: 1.0) == (1.0, 1.0)


def test_counters_stay_the_tuned_ones() -> None:
    assert mix(BASE, TUNED, 0.5)["steps"] == 7
