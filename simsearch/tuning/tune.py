"""A tuning run from files to verdict."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from simsearch.errors import InputError
from simsearch.linear_maps.choosing import FittedMap
from simsearch.models import Models
from simsearch.models.runs import NewRun
from simsearch.models.trained_rows import keep_trained, trained_rows
from simsearch.settings import ALONE, Processes, TuneSettings
from simsearch.tuning.candidates import Candidate, make_mapped_candidate, make_trained_candidate
from simsearch.tuning.doctor.examining import refuse
from simsearch.tuning.gate import decide
from simsearch.tuning.identity import identity
from simsearch.tuning.judging.comparison import Comparison, Contestants, compare
from simsearch.tuning.judging.leaks import Claim, Leak, RelatedRows, leak_of
from simsearch.tuning.judging.measures import Embedded, embed
from simsearch.tuning.judging.test_set import TestSet
from simsearch.tuning.map_step import MapReport, fit_base_map
from simsearch.tuning.planned_run import PlannedRun, plan_run
from simsearch.tuning.reporting.page import CARD, PAGE, render_card, render_page
from simsearch.tuning.reporting.record import record
from simsearch.tuning.reporting.report import Preview, TuneReport, make_report, part_sizes
from simsearch.tuning.training.budget import training_time
from simsearch.tuning.training_summary import TrainingSummary
from simsearch.types import Notice, Observer

NO_MAP = "Linear map on the base's vectors: there are too few unrelated pairs for one."


def tune(
    files: Sequence[Path],
    test_file: Path | None,
    settings: TuneSettings,
    *,
    models: Models,
    download: bool = False,
    processes: Processes = ALONE,
) -> TuneReport:
    """Train a candidate on the user's pairs, judge it, and promote it if it is better.

    The workspace changes only when the run is complete.

    Args:
        files: Pairs to train on (and to judge by, if there is no test file).
        test_file: Pairs that only judge.
        models: The workspace's.
        download: Allow fetching the base model from the hub.
        processes: Those that train together, of which this is the first.

    Raises:
        InputError: The pairs or the settings can't work.
    """
    began = time.monotonic()
    planned = plan_run(files, test_file, settings, models, download, processes)
    if planned.settings.strict:
        refuse(planned.findings)
    test = make_test_set(planned, models)
    announce(planned, test, models.observe)
    judging = time.monotonic()
    base_vectors = embed(planned.base.encode, test.questions)
    # Judging the candidate takes as long as judging the base did.
    until = planned.budget and began + training_time(planned.budget, time.monotonic() - judging)
    fitted = fit_base_map(planned.prepared, planned.base.encode, planned.settings.seed)
    models.observe(Notice(MapReport.of(fitted).text if fitted else NO_MAP))
    with models.runs.new(identity(planned), models.observe) as run:
        candidate = make_candidate(planned, fitted, run, models, until)
        test = test.count_evaluation(planned.ledger)
        compared = judge_candidate(planned, candidate, base_vectors, test, models)
        leaked = leaked_share(planned, test)
        verdict = decide(compared, candidate.doubt, leaked, planned.findings, planned.settings.promote)
        report = make_report(
            run.name,
            planned,
            test,
            candidate.summary,
            MapReport.of(fitted) if fitted else None,
            compared,
            verdict,
            leak=measure_leak(planned.prepared.related, compared),
            seconds=time.monotonic() - began,
        )
        keep_run(run, report, planned, candidate.summary, models)
    if verdict.promoted:
        models.runs.promote(report.run)
    return report


def make_test_set(planned: PlannedRun, models: Models) -> TestSet:
    prepared = planned.prepared
    return TestSet.of(prepared.parts.test, prepared.related.held, models.runs, planned.settings.base)


def judge_candidate(
    planned: PlannedRun, candidate: Candidate, base_vectors: Embedded, test: TestSet, models: Models
) -> Comparison:
    """The candidate, what it was made from, and the promoted model on the test set."""
    trained, promoted = candidate.trained, models.runs.promoted()
    vectors = embed(candidate.encode, test.questions)
    steps = steps_to(candidate, base_vectors, vectors) if trained else {}
    contestants = Contestants(
        base=planned.base.encode,
        base_vectors=base_vectors,
        candidate=candidate.encode,
        candidate_vectors=vectors,
        steps=steps,
        promoted=models.load(promoted).encode if promoted else None,
    )
    as_trained = trained.judge_as_trained(test, steps.get("unmapped", vectors)) if trained else None
    return compare(contestants, test, planned.settings.seed, as_trained)


def steps_to(candidate: Candidate, base_vectors: Embedded, vectors: Embedded) -> dict[str, Embedded]:
    """The test set on the way to a trained candidate: `map`, by the base with its map, and `unmapped`, by the tuned
    weights without theirs.

    Args:
        base_vectors: As the base embeds it.
        vectors: As the candidate embeds it.
    """
    steps = {}
    if candidate.base_map:
        steps["map"] = base_vectors.change(candidate.base_map.apply)
    if candidate.map:
        steps["unmapped"] = vectors.change(candidate.map.undo)
    return steps


def make_candidate(
    planned: PlannedRun, fitted: FittedMap | None, run: NewRun, models: Models, until: float | None
) -> Candidate:
    """The candidate that the settings ask for.

    Raises:
        InputError: --quick was asked for, and there are too few pairs for a map.
    """
    if not planned.settings.quick:
        return make_trained_candidate(planned, fitted, run, models, until)
    if fitted is None:
        raise InputError(f"{NO_MAP} Leave out --quick, or give more pairs.")
    return make_mapped_candidate(planned, fitted, run, models)


def preview(
    files: Sequence[Path], test_file: Path | None, settings: TuneSettings, *, models: Models
) -> Preview:
    """What a run would do, and what is wrong with the pairs; nothing is trained or written."""
    planned = plan_run(files, test_file, settings, models)
    notes = list(planned.notes)
    if planned.budget:
        notes.append(
            f"Budget {planned.settings.budget}: the plan is fitted to it once the speed of this machine is known."
        )
    if leak := leak_of(planned.prepared.related):
        notes.append(leak.text)
    return Preview(
        reading=planned.prepared.readings,
        findings=planned.findings,
        notes=tuple(notes),
        pairs=part_sizes(planned.prepared),
    )


def announce(planned: PlannedRun, test: TestSet, observe: Observer) -> None:
    """Report how the files were read, the findings and the plan before the long part begins."""
    for reading in planned.prepared.readings:
        for sentence in reading.sentences():
            observe(Notice(sentence))
    for finding in planned.findings:
        observe(Notice(str(finding), warning=finding.serious))
    for note in planned.notes:
        observe(Notice(note))
    for notice in test.notices():
        observe(Notice(notice, warning=True))


def leaked_share(planned: PlannedRun, test: TestSet) -> float:
    """Share of the test pairs that have related rows in the train set or trained the base, 0 to 1."""
    return min((planned.prepared.related.tested + test.known_to_base) / len(test.pairs), 1.0)


def measure_leak(related: RelatedRows, compared: Comparison) -> Leak | None:
    """What a random split would have claimed for the weights as trained: it has no dev set to choose others by."""
    ended, base = compared.as_trained, compared.base_on_held
    if ended is None or base is None:
        return leak_of(related)
    clean = ended.tested.mean() - compared.base.mean()
    return leak_of(related, Claim(clean, ended.held.mean() - base.mean(), len(base.rankings)), compared.gain)


def keep_run(
    run: NewRun, report: TuneReport, planned: PlannedRun, training: TrainingSummary, models: Models
) -> None:
    """Write record, report page, model card and trained rows, and give the run its name."""
    kept = record(report, planned, training, models.registry)
    (run.model / PAGE).write_text(render_page(kept), encoding="utf-8")
    (run.model / CARD).write_text(render_card(kept), encoding="utf-8")
    parts = planned.prepared.parts
    keep_trained(run.model, [*parts.train, *parts.dev], trained_rows(models.runs, planned.settings.base))
    run.keep(kept)
