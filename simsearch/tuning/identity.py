"""What makes two runs the same: a killed run is resumed only by one that would train identically."""

from __future__ import annotations

import hashlib
import json

from simsearch.tuning.planned_run import PlannedRun

CHECKPOINTS = 4
"""The format of checkpoints; one in another format is not resumed."""


def identity(planned: PlannedRun) -> str:
    """sha256 of all that training reads."""
    prepared, settings = planned.prepared, planned.settings
    plan = prepared.plan
    seen = {
        "checkpoints": CHECKPOINTS,
        "base": planned.base.fingerprint,
        "seed": settings.seed,
        "budget": settings.budget,
        "quick": settings.quick,
        "device": planned.device.name,
        "processes": planned.processes.count,
        "plan": [
            plan.kind,
            plan.loss.spec,
            str(plan.loss.offer.origin),
            plan.negatives,
            plan.epochs,
            plan.batch_size,
            plan.learning_rate,
            plan.warmup,
            plan.weight_decay,
            plan.freeze,
            plan.rows,
        ],
        "train": [[p.anchor, p.positive, p.negatives, p.score] for p in prepared.train],
        "negatives": None if prepared.negative_scores is None else prepared.negative_scores.tolist(),
        "dev": [[p.anchor, p.positive, p.score] for p in prepared.parts.dev],
    }
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()
