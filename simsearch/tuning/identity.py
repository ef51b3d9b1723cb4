"""What makes two runs the same run: a killed one is gone on with only by one that would train the same."""

from __future__ import annotations

import hashlib
import json

from simsearch.tuning.preparing import Prepared

CHECKPOINTS = 3
"""What a checkpoint holds beside the weights; another form of it is not gone on with."""


def identity(prepared: Prepared, base: str, seed: int, budget: str | None) -> str:
    """sha256 of all that training sees.

    Args:
        base: The base model's fingerprint.
    """
    plan = prepared.plan
    seen = {
        "checkpoints": CHECKPOINTS,
        "base": base,
        "seed": seed,
        "budget": budget,
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
