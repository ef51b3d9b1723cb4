"""The tuning run from files to verdict, top to bottom."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from simsearch.embedding import find_model, load_embedder
from simsearch.models.runs import NewRun, Runs
from simsearch.registry import Registry
from simsearch.settings import Settings, TuneSettings
from simsearch.tuning.doctor import Finding, examine, refuse
from simsearch.tuning.gate import decide
from simsearch.tuning.judging import Judgement, Questions, gain_interval, judge, questions_of
from simsearch.tuning.ledger import TestLedger
from simsearch.tuning.plan import similar_pairs
from simsearch.tuning.preparing import Prepared, prepare
from simsearch.tuning.recipes import apply_recipe
from simsearch.tuning.record import record
from simsearch.tuning.report import Examination, TuneReport
from simsearch.types import Embedder, Notice, Observer


def tune(
    files: Sequence[Path],
    test_file: Path | None,
    wishes: TuneSettings,
    *,
    home: Path,
    settings: Settings,
    registry: Registry,
    observe: Observer,
    download: bool = False,
) -> TuneReport:
    """Train a candidate on the user's pairs, judge it, and promote it if it is better.

    Args:
        files: Pairs to train on (and to judge by, where there is no test file).
        test_file: Pairs that only judge.
        wishes: How to tune.
        home: The .simsearch/ folder; it changes only once the run is complete.
        download: Allow fetching the base model from the hub.

    Raises:
        InputError: The pairs, or what was asked of them, can't work.
    """
    began = time.perf_counter()
    wishes = apply_recipe(wishes)
    ledger, runs = TestLedger(home / "tested.json"), Runs(home / "models")
    prepared = prepare(files, test_file, wishes, registry, ledger)
    base_folder = find_model(wishes.base, settings=settings, runs=runs.folder, download=download)
    load = loader(settings, runs, registry, observe)
    base_embedder = load(wishes.base)
    findings = examine(prepared.pairs, base_embedder.tokens)
    if wishes.strict:
        refuse(findings)
    tell(findings, prepared.notes, observe)
    questions = questions_of(prepared.parts.test)
    base = judge_model(base_embedder, questions)
    with runs.new() as run:
        trained = train_candidate(base_folder, prepared, run, wishes, settings, registry, observe)
        tuned = judge_model(load(run.model), questions)
        interval = gain_interval(base, tuned, wishes.seed)
        verdict = decide(base, tuned, interval, judge_promoted(load, runs, questions), wishes.promote)
        parts = prepared.parts
        report = TuneReport(
            run=run.name,
            base=base.means(),
            tuned=tuned.means(),
            gain={name: tuned.mean(name) - base.mean(name) for name in base.values},
            interval=interval,
            promoted=verdict.promoted,
            reason=verdict.reason,
            pairs={"train": len(prepared.train), "dev": len(parts.dev), "test": len(parts.test)},
            questions=len(questions.texts),
            looks=ledger.looks(parts.test) + 1,
            findings=tuple(findings),
            notes=prepared.notes,
            seconds=round(time.perf_counter() - began, 1),
        )
        run.keep(record(report, wishes, prepared.plan, trained, files, test_file, registry))
    ledger.record(parts.test)
    if verdict.promoted:
        runs.promote(report.run)
    return report


def look_over(
    files: Sequence[Path],
    test_file: Path | None,
    wishes: TuneSettings,
    *,
    home: Path,
    settings: Settings,
    registry: Registry,
    observe: Observer,
) -> Examination:
    """What a run would do, and what is wrong with the pairs; nothing is trained or written."""
    wishes = apply_recipe(wishes)
    prepared = prepare(files, test_file, wishes, registry, TestLedger(home / "tested.json"))
    base = loader(settings, Runs(home / "models"), registry, observe)(wishes.base)
    parts = prepared.parts
    return Examination(
        findings=tuple(examine(prepared.pairs, base.tokens)),
        notes=prepared.notes,
        pairs={"train": len(prepared.train), "dev": len(parts.dev), "test": len(parts.test)},
    )


def tell(findings: Sequence[Finding], notes: Sequence[str], observe: Observer) -> None:
    """Say the findings and the plan before the long part begins."""
    for finding in findings:
        observe(Notice(str(finding), warning=finding.serious))
    for note in notes:
        observe(Notice(note))


def train_candidate(
    base: Path,
    prepared: Prepared,
    run: NewRun,
    wishes: TuneSettings,
    settings: Settings,
    registry: Registry,
    observe: Observer,
) -> dict[str, Any]:
    """Train into run.model; returns what run.json keeps of it."""
    from simsearch.tuning.training import train

    dev = questions_of(prepared.parts.dev) if similar_pairs(prepared.parts.dev) else None
    trained = train(
        base,
        prepared.train,
        prepared.negative_scores,
        prepared.plan,
        dev,
        seed=wishes.seed,
        scratch=run.scratch,
        threads=settings.threads,
        registry=registry,
        observe=observe,
    )
    trained.model.save_pretrained(str(run.model), create_model_card=False)
    return {
        "dev": list(trained.dev),
        "best_epoch": trained.best_epoch,
        "share": trained.share,
        "merged": trained.merged,
        "steps": trained.steps,
    }


def judge_model(embedder: Embedder, questions: Questions) -> Judgement:
    return judge(embedder.encode, questions)


def judge_promoted(
    load: Callable[[str | Path], Embedder], runs: Runs, questions: Questions
) -> Judgement | None:
    """How the model promoted now does on the same questions."""
    name = runs.promoted()
    return judge_model(load(name), questions) if name else None


def loader(
    settings: Settings, runs: Runs, registry: Registry, observe: Observer
) -> Callable[[str | Path], Embedder]:
    """Loads models as `query` does."""
    return lambda model: load_embedder(
        model, settings=settings, runs=runs.folder, registry=registry, observe=observe
    )
