"""How a candidate was trained, as reports and records show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simsearch.devices import Device
from simsearch.tuning.judging.measures import ModelScores
from simsearch.tuning.plan import Plan


@dataclass(frozen=True, slots=True)
class TrainingSummary:
    """What happened; the defaults are those of a candidate that was not trained.

    Args:
        plan: How it was trained; a budget may have changed it.
        rows: Pairs it was trained on.
        steps: Optimiser steps taken.
        stopped: Whether Ctrl-C or the budget ended training early.
        curve: Share of the pairs seen in the first epoch, 0 to 1, to the scores on the dev set.
        dev: nDCG@10 on the dev set before training and after each epoch.
        best_epoch: The epoch whose weights are kept, from 1.
        mixes: Share of the tuned weights to nDCG@10 of the mix on the dev set.
        share: The share that is kept.
        losses: Step to the mean loss since the one before it, in order.
        device: What trained it.
    """

    plan: Plan
    rows: int
    steps: int = 0
    stopped: bool = False
    curve: Mapping[float, ModelScores] = field(default_factory=dict)
    dev: Sequence[float] = ()
    best_epoch: int = 0
    mixes: Mapping[float, float] = field(default_factory=dict)
    share: float = 1.0
    losses: Sequence[tuple[int, float]] = ()
    device: Device = "cpu"
