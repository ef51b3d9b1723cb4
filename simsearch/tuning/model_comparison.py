"""Models side by side on the user's own questions: quality, size and speed, also in fewer bits."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.embedding import PRECISIONS, split_precision, with_precision
from simsearch.errors import InputError, ModelError
from simsearch.models import Models
from simsearch.models.trained_rows import row_key, trained_rows
from simsearch.tuning.judging.measures import ModelScores, gain_interval, judge, questions_of
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.pairs.reading import read_pairs
from simsearch.tuning.preparing import prepare, with_own_scores
from simsearch.tuning.reporting.repeating import settings_of_run
from simsearch.types import Embedder, Notice, Pair

TIMED_TEXTS = 64
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class ModelResult:
    """How one model did.

    Args:
        measures: Measure to mean over the questions, 0 to 1.
        against: The model it is compared with: the first one or, for fewer bits, the same model in full.
        gain: nDCG@10 beyond that one's.
        interval: The 95 % interval of the gain, by paired bootstrap over questions.
        megabytes: Size of its graph; None where the engine doesn't run it.
        texts_per_second: How fast it embedded some of the documents, the median of rounds in turn.
        speed: texts_per_second divided by that of `against`.
    """

    model: str
    measures: Mapping[str, float]
    against: str | None
    gain: float
    interval: tuple[float, float]
    megabytes: float | None
    texts_per_second: float
    speed: float


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Models on the same questions.

    Args:
        source: Where the questions are from.
        looks: How often these questions have judged a model, this time included; 0 for a file of the user's choice.
    """

    standings: tuple[ModelResult, ...]
    questions: int
    source: str
    looks: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def compare_models(names: Sequence[str], pairs: Sequence[Path], *, models: Models) -> ModelComparison:
    """Judge models on pairs, or on the test set of the newest run.

    Args:
        names: Models, each with @int8 or @fp16 for fewer bits; without any: the base, the promoted and the newest
            run, and the model in use in every precision.

    Raises:
        InputError: There is nothing to judge by.
        ModelNotFound: A model is nowhere.
    """
    ledger = TestLedger(models.home)
    test = (
        with_own_scores(read_pairs(pairs, models.registry), models.registry)
        if pairs
        else _newest_test_set(models)
    )
    questions = questions_of(test)
    if not questions.texts:
        raise InputError("There is nothing to compare on: none of the pairs is scored 0.5 or more.")
    _warn_of_training(names or _usual(models), test, models)
    found = {name: models.load(name) for name in names} if names else _load_usual(models)
    judged = {name: judge(embedder.encode, questions) for name, embedder in found.items()}
    speeds = _speeds(found, questions.documents[:TIMED_TEXTS])
    if not pairs:
        ledger.record(test)
    return ModelComparison(
        standings=tuple(_measure_result(name, embedder, judged, speeds) for name, embedder in found.items()),
        questions=len(questions.texts),
        source=", ".join(map(str, pairs)) or "the test set of the newest run",
        looks=0 if pairs else ledger.evaluations(test),
    )


def _usual(models: Models) -> list[str]:
    runs = models.runs
    own, _ = split_precision(models.current)
    full = dict.fromkeys([models.settings.tune.base, *filter(None, [runs.promoted()]), *runs.newest(1), own])
    precisions = () if models.registry.has("embedders", own) else PRECISIONS
    return [*full, *(with_precision(own, precision) for precision in precisions)]


def _load_usual(models: Models) -> dict[str, Embedder]:
    """The usual models; a precision that a model does not support is reported and skipped."""
    found = {}
    for name in _usual(models):
        try:
            found[name] = models.load(name)
        except ModelError as error:
            if not split_precision(name)[1]:
                raise
            models.observe(Notice(str(error), warning=True))
    return found


def _newest_test_set(models: Models) -> Sequence[Pair]:
    """As the newest run divided its pairs; one split is the same in every run of a workspace."""
    for name in reversed(models.runs.names()):
        tune_settings = settings_of_run(models.runs.record(name), models.registry, models.observe)
        files, test = (
            [Path(path) for path in tune_settings.pairs],
            Path(tune_settings.test) if tune_settings.test else None,
        )
        # An empty ledger: what has judged before may judge again, and nothing is trained here.
        ledger = TestLedger(models.runs.folder)
        return prepare(files, test, tune_settings, models.registry, ledger).parts.test
    raise InputError(
        "There is no test set to compare on yet: tune first, or name pairs that no model was trained on with "
        "--pairs FILE."
    )


def _warn_of_training(names: Sequence[str], pairs: Sequence[Pair], models: Models) -> None:
    rows = set(map(row_key, pairs))
    for name in names:
        if known := len(rows & trained_rows(models.runs, split_precision(name)[0])):
            text = (
                f"{name} was trained on {known} of these {len(rows)} pairs, so its figures here are too good."
            )
            models.observe(Notice(text, warning=True))


def _measure_result(
    name: str, embedder: Embedder, judged: Mapping[str, ModelScores], speeds: Mapping[str, float]
) -> ModelResult:
    own, precision = split_precision(name)
    first = next(iter(judged))
    other = own if precision and own in judged else first
    scores = judged[name]
    return ModelResult(
        model=name,
        measures=scores.means(),
        against=None if other == name else other,
        gain=scores.mean() - judged[other].mean(),
        interval=gain_interval(judged[other], scores, seed=0),
        megabytes=_megabytes(embedder),
        texts_per_second=round(speeds[name], 1),
        speed=speeds[name] / speeds[other],
    )


def _megabytes(embedder: Embedder) -> float | None:
    size = getattr(embedder, "size", None)
    return None if size is None else round(size / 1e6, 1)


def _speeds(found: Mapping[str, Embedder], texts: Sequence[str]) -> dict[str, float]:
    """Texts a second, all in turn, so that a busy machine is unfair to none."""
    seconds: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(ROUNDS):
        for name, embedder in found.items():
            began = time.perf_counter()
            embedder.encode(texts)
            seconds[name].append(time.perf_counter() - began)
    return {name: len(texts) / float(np.median(times)) for name, times in seconds.items()}
