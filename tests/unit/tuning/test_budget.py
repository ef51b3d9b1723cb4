"""A plan is made to fit a time: fewer epochs first, then frozen layers, then fewer pairs."""

from pathlib import Path

import pytest

from simsearch.errors import InputError
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.tuning.plan import Plan, make_plan
from simsearch.tuning.training.budget import fit, training_time
from simsearch.tuning.training.freezing import freeze, layer_stack
from simsearch.types import Pair
from tests.support.tiny_models import save_tiny_model

PAIRS = [Pair(f"a{i}", f"b{i}") for i in range(320)]
REGISTRY = Registry.load()


def fitted(seconds: float) -> Plan:
    """A step takes a second, and half of it with three layers frozen; ten steps are an epoch."""
    plan = make_plan(TuneSettings(), PAIRS, REGISTRY)
    return fit(plan, len(PAIRS), seconds, lambda frozen: 0.5 if frozen >= 3 else 1.0, half=3)


@pytest.mark.parametrize(
    ("seconds", "epochs", "freeze", "rows"),
    [
        (1000, 8, 0, None),
        (26, 2, 0, None),
        (13, 1, 0, None),
        (10, 1, 3, None),
        (2.6, 1, 3, 128),
        (0.1, 1, 3, 64),
    ],
)
def test_what_fits(seconds: float, epochs: int, freeze: int, rows: int | None) -> None:
    plan = fitted(seconds)
    assert (plan.epochs, plan.freeze, plan.rows) == (epochs, freeze, rows)
    assert ("budget" in plan.reasons[-1]) == (seconds < 1000)


def test_judging_and_exporting_come_out_of_the_budget() -> None:
    assert training_time(600, judging=30) == 520
    assert training_time(20, judging=30) == 5


def test_the_lowest_layers_and_the_embeddings_are_frozen(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(save_tiny_model(tmp_path / "model")), device="cpu")
    freeze(model, 1)
    trained = {name for name, weights in model.named_parameters() if weights.requires_grad}
    assert trained
    assert all(".layer.1." in name or "pooler" in name for name in trained)
    with pytest.raises(InputError, match="the model has 2 layers"):
        freeze(model, len(layer_stack(model)))
