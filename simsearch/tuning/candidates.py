"""How a run makes its candidate: by a linear map on the base, or by training with a map on top."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.embedding.fingerprints import fingerprint
from simsearch.linear_maps.choosing import FittedMap
from simsearch.linear_maps.folders import save_mapped_model
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.models import Models
from simsearch.models.runs import NewRun
from simsearch.tuning.judging.measures import Encode, judge, questions_of
from simsearch.tuning.map_step import fit_stacked_map, mapped
from simsearch.tuning.planned_run import PlannedRun
from simsearch.tuning.training_summary import TrainingSummary
from simsearch.types import Notice

if TYPE_CHECKING:
    from simsearch.tuning.training.train import Trained


FORGETFUL = (
    "The linear map on the tuned weights is left out: with it the model would forget general knowledge."
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model in run.model that is ready to be judged.

    Args:
        base_map: The linear map on the base's vectors; None without one.
        map: The linear map that is part of the candidate; None without one.
        doubt: Why what chose it speaks against it; None if it doesn't.
        trained: What training made; None for a map on the base.
    """

    encode: Encode
    summary: TrainingSummary
    base_map: LinearMap | None
    map: LinearMap | None
    doubt: str | None
    trained: Trained | None


def make_mapped_candidate(planned: PlannedRun, fitted: FittedMap, run: NewRun, models: Models) -> Candidate:
    """The base with a map behind it."""
    save_mapped_model(models.find(planned.settings.base), run.model, fitted.map, planned.base.fingerprint)
    models.load(run.model, name=run.name)  # exported, and checked against the vectors that are judged
    doubt = None if fitted.helps else "On held-out folds the linear map gains no more than chance"
    return Candidate(
        encode=mapped(planned.base.encode, fitted.map),
        summary=TrainingSummary(planned.prepared.plan, len(planned.prepared.train)),
        base_map=fitted.map,
        map=fitted.map,
        doubt=doubt,
        trained=None,
    )


def make_trained_candidate(
    planned: PlannedRun, fitted: FittedMap | None, run: NewRun, models: Models, until: float | None
) -> Candidate:
    """The base, trained; with a map on top if one on the base's vectors proved to help.

    Args:
        until: When training should be done, by time.monotonic(); None for no limit.
    """
    from simsearch.tuning.training.train import train

    prepared, seed = planned.prepared, planned.settings.seed
    dev = questions_of(prepared.parts.dev) if any(pair.similar for pair in prepared.parts.dev) else None
    trained = train(
        models.find(planned.settings.base),
        prepared.train,
        prepared.negative_scores,
        prepared.plan,
        dev,
        base_scores=judge(planned.base.encode, dev) if dev else None,  # the map has embedded them
        seed=seed,
        scratch=run.scratch,
        threads=models.settings.threads,
        device=planned.device.name,
        processes=planned.processes,
        seconds=until and until - time.monotonic(),
        registry=models.registry,
        observe=models.observe,
    )
    stacked = None
    if fitted and fitted.helps:
        stacked = fit_stacked_map(prepared, planned.base.encode, trained.encode, seed)
        if stacked is None:
            models.observe(Notice(FORGETFUL))
    _save(trained, stacked, run.model)
    return Candidate(
        encode=models.load(run.model, name=run.name).encode,
        summary=trained.summary,
        base_map=fitted.map if fitted else None,
        map=stacked,
        doubt=trained.doubt,
        trained=trained,
    )


def _save(trained: Trained, linear_map: LinearMap | None, folder: Path) -> None:
    plain = folder if linear_map is None else folder.with_name(f"{folder.name}-unmapped")
    trained.model.save_pretrained(str(plain), create_model_card=False)
    if linear_map:
        save_mapped_model(plain, folder, linear_map, fingerprint(plain))
