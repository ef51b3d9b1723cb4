"""How long training takes here, measured on a few steps, and the plan that fits a time."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from simsearch.files import write_atomically
from simsearch.plugins.registry import Registry
from simsearch.tuning.plan import Plan
from simsearch.tuning.training.budget import fit
from simsearch.tuning.training.freezing import freeze, layer_stack
from simsearch.tuning.training.objective import Columns, loss_of, make_loss
from simsearch.tuning.training.packing import packed_for

TIMED_STEPS = 3


def fitted(
    plan: Plan, columns: Columns, seconds: float, model: Any, registry: Registry, scratch: Path
) -> Plan:
    """The plan that fits into the time, by how long steps take on this machine now; the model stays as it is.

    Args:
        scratch: Remembers it for a run that goes on after a kill.
    """
    note = scratch / "fitted.json"
    if note.is_file():
        kept = json.loads(note.read_text(encoding="utf-8"))
        return replace(plan, **{**kept, "reasons": tuple(kept["reasons"])})
    began = time.monotonic()

    def step_seconds(frozen: int) -> float:
        return seconds_a_step(replace(plan, freeze=frozen), columns, model, registry)

    step_seconds(plan.freeze)  # the first steps of a process are slower
    left = seconds - (time.monotonic() - began)
    chosen = fit(plan, len(columns["anchor"]), left, step_seconds, len(layer_stack(model)) // 2)
    kept = {name: getattr(chosen, name) for name in ("epochs", "freeze", "rows", "reasons")}
    write_atomically(note, json.dumps(kept).encode())
    return chosen


def seconds_a_step(plan: Plan, columns: Columns, model: Any, registry: Registry) -> float:
    """The mean over some steps."""
    loss = make_loss(plan, model, registry)
    freeze(model, plan.freeze)
    count, rows = min(plan.batch_size, len(columns["anchor"])), len(columns["anchor"])
    with packed_for(loss, model, columns):
        began = time.monotonic()
        for step in range(TIMED_STEPS):
            loss_of(loss, model, columns, [(step * count + i) % rows for i in range(count)]).backward()
        if model.device.type != "cpu":
            torch.accelerator.synchronize()  # a GPU is still at work when backward returns
        seconds = (time.monotonic() - began) / TIMED_STEPS
    model.zero_grad()
    model.requires_grad_(True)
    return seconds
