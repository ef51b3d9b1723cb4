"""The report of a tuning run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simsearch.tuning.doctor.findings import Finding
from simsearch.tuning.gate import Verdict
from simsearch.tuning.judging.advice import advise
from simsearch.tuning.judging.changes import Change, largest_changes, rank_counts
from simsearch.tuning.judging.comparison import Comparison
from simsearch.tuning.judging.leaks import Leak
from simsearch.tuning.judging.test_set import TestSet
from simsearch.tuning.map_step import MapReport
from simsearch.tuning.pairs.readings import Reading
from simsearch.tuning.planned_run import PlannedRun
from simsearch.tuning.preparing import Prepared
from simsearch.tuning.training_summary import TrainingSummary


@dataclass(frozen=True, slots=True)
class TuneReport:
    """The outcome of a run.

    Args:
        run: Its name, also that of its model.
        base: How the base model did: measure to mean over the test questions, 0 to 1.
        tuned: How the candidate did.
        gain: tuned - base.
        interval: The 95 % interval of the gain in nDCG@10, widened for all evaluations of the test set.
        rivals: How BM25 (`bm25`) did on the same questions, BM25 fused with the candidate (`hybrid`), the
            steps to it (`map`, `unmapped`) and, where a leak is measured and other weights than the last were chosen,
            the last ones (`as_trained`); none decides.
        probe: nDCG@10 of base and candidate on general-knowledge probe questions.
        promoted: Whether the candidate is the workspace's model now.
        reason: Why, in a sentence.
        pairs: How many pairs the train set (those that were trained on), dev set and test set had.
        steps: How many steps training took.
        stopped: Whether Ctrl-C or the budget ended training early.
        questions: How many questions judged.
        looks: How often this test set has judged a model, this run included.
        ranks: `base` and `tuned` to how many questions had their first right answer at which ranks.
        leak: What a random split would have claimed; None where it was not measured.
        better: The questions that gained most.
        worse: The questions that lost most.
        curve: Share of the pairs seen in the first epoch to nDCG@10 on the dev set.
        advice: Whether more pairs would help; None if the dev set can't say.
        map: The linear map on the base's vectors; None if there are too few unrelated pairs for one.
        reading: How each file was read.
        findings: What is wrong with the pairs.
        notes: Choices with their reasons, and rows that were left out.
        seconds: How long it took.
        device: What trained: `cpu`, `cuda` or `mps`.
        processes: How many processes trained together.
    """

    run: str
    base: Mapping[str, float]
    tuned: Mapping[str, float]
    gain: Mapping[str, float]
    interval: tuple[float, float]
    rivals: Mapping[str, Mapping[str, float]]
    probe: Mapping[str, float]
    promoted: bool
    reason: str
    pairs: Mapping[str, int]
    steps: int
    stopped: bool
    questions: int
    looks: int
    ranks: Mapping[str, Mapping[str, int]]
    leak: Leak | None
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    curve: Mapping[float, float]
    advice: str | None
    map: MapReport | None
    reading: tuple[Reading, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    seconds: float
    device: str
    processes: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def make_report(
    run: str,
    planned: PlannedRun,
    test: TestSet,
    training: TrainingSummary,
    fitted: MapReport | None,
    compared: Comparison,
    verdict: Verdict,
    *,
    leak: Leak | None,
    seconds: float,
) -> TuneReport:
    """Everything that a run found out."""
    prepared = planned.prepared
    base, tuned = compared.base.means(), compared.tuned.means()
    before, after = compared.probe
    curve = training.curve
    better, worse = largest_changes(compared.base, compared.tuned, test.questions)
    return TuneReport(
        run=run,
        base=base,
        tuned=tuned,
        gain={name: tuned[name] - base[name] for name in base},
        interval=compared.interval,
        rivals={name: scores.means() for name, scores in compared.baselines.items()},
        probe={"base": before.mean(), "tuned": after.mean()},
        promoted=verdict.promoted,
        reason=verdict.reason,
        pairs={**part_sizes(prepared), "train": training.rows},
        steps=training.steps,
        stopped=training.stopped,
        questions=len(test.questions.texts),
        looks=compared.evaluations,
        ranks={"base": rank_counts(compared.base), "tuned": rank_counts(compared.tuned)},
        leak=leak,
        better=better,
        worse=worse,
        curve={share: scores.mean() for share, scores in curve.items()},
        advice=advise(curve, planned.settings.seed),
        map=fitted,
        reading=prepared.readings,
        findings=planned.findings,
        notes=(*prepared.cautions, *training.plan.reasons, *prepared.left_out, *planned.about_machine),
        seconds=round(seconds, 1),
        device=training.device,
        processes=planned.processes.count,
    )


def part_sizes(prepared: Prepared) -> dict[str, int]:
    parts = prepared.parts
    return {"train": len(prepared.train), "dev": len(parts.dev), "test": len(parts.test)}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do.

    Args:
        reading: How each file was read.
        findings: What is wrong with the pairs.
        notes: The choices, each with its reason.
        pairs: How many pairs train, dev and test set would have.
    """

    reading: tuple[Reading, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    pairs: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
