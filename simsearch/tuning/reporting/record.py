"""What run.json records: enough to understand a run and to repeat it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from simsearch.embedding.fingerprints import sha256_of
from simsearch.plugins.registry import Registry
from simsearch.tuning.planned_run import PlannedRun
from simsearch.tuning.reporting.report import TuneReport
from simsearch.tuning.training_summary import TrainingSummary


def record(
    report: TuneReport, planned: PlannedRun, training: TrainingSummary, registry: Registry
) -> dict[str, Any]:
    """The JSON value of run.json."""
    plan, test_file = training.plan, planned.test_file
    files = [*planned.files, *([test_file] if test_file else [])]
    return {
        **report.to_json(),
        "settings": {
            **asdict(planned.settings),
            "pairs": [str(path.resolve()) for path in planned.files],
            "test": str(test_file.resolve()) if test_file else None,
        },
        "files": {str(path.resolve()): sha256_of(path) for path in files},
        "components": {
            built.offer.kind: (built.name, built.offer.origin.package, built.offer.origin.version)
            for built in planned.prepared.components
        },
        "plan": {
            "kind": plan.kind,
            "loss": plan.loss.spec,
            "epochs": plan.epochs,
            "batch_size": plan.batch_size,
            "learning_rate": plan.learning_rate,
            "warmup": plan.warmup,
            "weight_decay": plan.weight_decay,
            "freeze": plan.freeze,
            "rows": plan.rows,
        },
        "training": {
            "dev": training.dev,
            "best_epoch": training.best_epoch,
            "mixes": training.mixes,
            "share": training.share,
            "losses": training.losses,
        },
        "plugins": {origin.package: origin.version for origin in registry.origins},
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("sentence-transformers", "transformers", "torch", "numpy")}
