"""What run.json keeps: enough to understand a run, and to repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.tuning.report import TuneReport

if TYPE_CHECKING:
    from simsearch.tuning.training import Trained


def record(
    report: TuneReport,
    wishes: TuneSettings,
    trained: Trained,
    files: Sequence[Path],
    test_file: Path | None,
    registry: Registry,
) -> dict[str, Any]:
    """The JSON value of run.json."""
    plan = trained.plan
    return {
        **report.to_json(),
        "settings": {**asdict(wishes), "pairs": list(map(str, files)), "test": str(test_file or "") or None},
        "plan": {
            "kind": plan.kind,
            "loss": plan.loss.spec,
            "epochs": plan.epochs,
            "batch_size": plan.batch_size,
            "learning_rate": plan.learning_rate,
            "warmup": plan.warmup,
            "weight_decay": plan.weight_decay,
            "freeze": plan.freeze,
            "rows": trained.rows,
        },
        "training": {
            "dev": trained.checkpoints.scores,
            "best_epoch": trained.checkpoints.best,
            "mixes": trained.checkpoints.mixes,
            "share": trained.checkpoints.share,
            "steps": trained.steps,
            "stopped": trained.stopped,
        },
        "plugins": {origin.package: origin.version for origin in registry.origins},
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("sentence-transformers", "transformers", "torch", "numpy")}
