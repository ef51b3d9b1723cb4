"""Fitting a plan to a time: fewer epochs first, then frozen layers, then fewer pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from simsearch.tuning.plan import Plan

EXPORTING = 20.0
"""Seconds to load, export and keep the tuned model."""
STEPS_SHARE = 0.8
"""Share of the time to train; the rest is for judging on the dev set and for a busy machine."""


def training_time(budget: float, judging: float) -> float:
    """Seconds from the beginning until training should be done, of a budget.

    Args:
        judging: How long the base took to judge.
    """
    return max(budget - EXPORTING - 2 * judging, budget / 4)


def fit(plan: Plan, rows: int, seconds: float, step_seconds: Callable[[int], float], half: int) -> Plan:
    """The plan with as many epochs, layers and pairs as there is time for.

    Args:
        rows: Pairs to train on.
        seconds: To train in.
        step_seconds: Measures how long a step takes with a number of frozen layers.
        half: Half of the model's layers, to freeze where one epoch of all takes too long.
    """
    steps = max(seconds * STEPS_SHARE / step_seconds(plan.freeze), 1)
    epoch = -(-rows // plan.batch_size)
    if steps >= epoch:
        epochs = min(plan.epochs, int(steps // epoch))
        if epochs == plan.epochs:
            return plan
        return _with(plan, f"Epochs {epochs}: more don't fit the budget.", epochs=epochs)
    frozen = max(plan.freeze, half)
    steps = max(seconds * STEPS_SHARE / step_seconds(frozen), 1)
    reason = f"Frozen layers {frozen} and one epoch: training all of the model doesn't fit the budget."
    plan = _with(plan, reason, epochs=1, freeze=frozen)
    if steps >= epoch:
        return plan
    fewer = min(max(int(steps), 2) * plan.batch_size, rows)
    return _with(plan, f"Pairs {fewer} of {rows}: the budget has no time for more.", rows=fewer)


def _with(plan: Plan, reason: str, **changes: int) -> Plan:
    return replace(plan, reasons=(*plan.reasons, reason), **changes)  # type: ignore[arg-type]
