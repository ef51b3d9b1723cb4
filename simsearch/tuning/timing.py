"""How long training takes here, measured on a few steps, and the plan that fits a time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from simsearch.registry import Registry
from simsearch.tuning.budget import fit
from simsearch.tuning.freezing import freeze, layer_stack
from simsearch.tuning.objective import Columns, loss_of, make_loss
from simsearch.tuning.packing import packed
from simsearch.tuning.plan import Plan

TIMED_STEPS = 3


def fitted(
    plan: Plan, columns: Columns, seconds: float, model: Any, registry: Registry
) -> tuple[Plan, Columns]:
    """The plan and the rows that fit into the time; the model is as it was afterwards."""
    began = time.monotonic()

    def step_seconds(frozen: int) -> float:
        return seconds_a_step(replace(plan, freeze=frozen), columns, model, registry)

    step_seconds(plan.freeze)  # the first steps of a process are slower
    left = seconds - (time.monotonic() - began)
    rows = len(columns["anchor"])
    fit_plan = fit(plan, rows, left, step_seconds, len(layer_stack(model)) // 2)
    # Evenly spread rows, not the first: files are often sorted.
    kept = [i * rows // fit_plan.rows for i in range(fit_plan.rows)]
    return fit_plan.plan, {name: [values[i] for i in kept] for name, values in columns.items()}


def seconds_a_step(plan: Plan, columns: Columns, model: Any, registry: Registry) -> float:
    """The mean over some steps."""
    loss = make_loss(plan, model, registry)
    freeze(model, plan.freeze)
    count, rows = min(plan.batch_size, len(columns["anchor"])), len(columns["anchor"])
    with packed(model):
        began = time.monotonic()
        for step in range(TIMED_STEPS):
            loss_of(loss, model, columns, [(step * count + i) % rows for i in range(count)]).backward()
        seconds = (time.monotonic() - began) / TIMED_STEPS
    model.zero_grad()
    model.requires_grad_(True)
    return seconds
