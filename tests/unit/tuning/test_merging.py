"""The sweep between base and tuned weights finds the most tuned mix that is as good as the best."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from simsearch.tuning.judging.measures import MAIN, ModelScores, as_good
from simsearch.tuning.training.merging import best_share, mix, sweep

BASE = {"weight": torch.zeros(1, 1), "steps": torch.tensor(0)}
TUNED = {"weight": torch.ones(1, 1), "steps": torch.tensor(7)}


def forgets_nothing(share: float) -> float:
    return 0.0


def swept(score: Callable[[float], float]) -> dict[float, ModelScores]:
    """The sweep of a model that scores so much at a share."""
    model = torch.nn.Linear(1, 1, bias=False)
    base, tuned = ({"weight": weights["weight"]} for weights in (BASE, TUNED))

    def judge() -> ModelScores:
        return model_scores(4 * [score(float(model.weight.detach()))])

    return sweep(model, base, tuned, judge, score(0), model_scores(4 * [score(1)]))


@pytest.mark.parametrize("target", [1, 0.75, 0.5, 0.25])
def test_the_best_mix_between_the_ends_is_found(target: float) -> None:
    assert best_share(swept(lambda share: 1 - abs(share - target)), forgets_nothing) == target


def test_the_sweep_ends_where_mixing_has_stopped_helping() -> None:
    assert list(swept(lambda share: share)) == [1.0, 0.75]
    assert list(swept(lambda share: 1 - abs(share - 0.75))) == [1.0, 0.75, 0.5]


def test_the_sweep_goes_on_while_the_base_is_better_than_every_mix() -> None:
    assert list(swept(lambda share: abs(share - 0.6))) == [1.0, 0.75, 0.5, 0.25]


def test_of_equals_the_larger_share_is_kept() -> None:
    judged = {0.0: model_scores([1, 1]), 0.5: model_scores([1, 1]), 1.0: model_scores([0.9, 0.9])}
    assert best_share(judged, forgets_nothing) == 0.5


@pytest.mark.parametrize(
    ("losses", "share"),
    [
        ((0.01, 0.0, 0.0), 1.0),
        ((0.02, 0.005, -0.01), 0.75),
        ((0.03, 0.02, 0.025), 0.75),
        ((0.03, 0.02, 0.0), 0.75),
    ],
)
def test_of_those_as_good_the_most_tuned_that_forgets_little_is_kept(
    losses: tuple[float, ...], share: float
) -> None:
    judged = {1.0: model_scores([1, 1]), 0.75: model_scores([1, 1]), 0.5: model_scores([0.5, 0.6])}
    assert best_share(judged, dict(zip(judged, losses, strict=True)).__getitem__) == share


def test_a_share_that_is_behind_by_chance_is_as_good_as_the_best() -> None:
    best, worse = [1.0, 0.6, 0.5, 1.0, 0.4, 1.0], [0.9, 0.6, 0.6, 1.0, 0.4, 0.9]
    assert as_good(model_scores(worse), model_scores(best))
    assert best_share({0.5: model_scores(best), 1.0: model_scores(worse)}, forgets_nothing) == 1.0
    clearly = [value - 0.2 for value in best]
    assert not as_good(model_scores(clearly), model_scores(best))
    assert best_share({0.5: model_scores(best), 1.0: model_scores(clearly)}, forgets_nothing) == 0.5


@pytest.mark.parametrize(("errors", "expected"), [(0.5, True), (1.5, True), (1.8, False), (3, False)])
def test_what_chance_does_in_one_of_twenty_cases_is_clearly_worse(errors: float, expected: bool) -> None:
    spread = np.tile([0.1, -0.1], 18)
    behind = errors * spread.std(ddof=1) / 6 + spread
    assert as_good(model_scores(list(0.8 - behind)), model_scores(36 * [0.8])) is expected


@pytest.mark.parametrize("questions", [1, 2, 3, 7, 10, 37, 55])
@pytest.mark.parametrize("lost", [1.0, 0.37, 1e-3])
def test_one_question_that_differs_proves_nothing(questions: int, lost: float) -> None:
    best = np.linspace(0.4, 1, questions)
    assert as_good(model_scores([best[0] - lost, *best[1:]]), model_scores(list(best)))


def model_scores(values: list[float]) -> ModelScores:
    return ModelScores({MAIN: np.array(values)}, ())


def test_counters_stay_the_tuned_ones() -> None:
    assert mix(BASE, TUNED, 0.5)["steps"] == 7
