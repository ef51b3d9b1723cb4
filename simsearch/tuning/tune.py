"""The tuning run from files to verdict, top to bottom."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.embedding import find_model, load_embedder
from simsearch.models.runs import NewRun, Runs
from simsearch.plugins.registry import Registry
from simsearch.settings import Settings, TuneSettings
from simsearch.tuning.doctor.examining import examine, overview, refuse
from simsearch.tuning.doctor.findings import Finding
from simsearch.tuning.gate import decide
from simsearch.tuning.hard_negatives import with_negatives
from simsearch.tuning.identity import identity
from simsearch.tuning.judging.comparison import Comparison, compare
from simsearch.tuning.judging.leaks import Claim, Leak, RelatedRows, leak_of
from simsearch.tuning.judging.measures import embed, questions_of
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.pairs.trained import keep_trained, trained_rows, untrained
from simsearch.tuning.plan import IN_BATCH, similar_pairs
from simsearch.tuning.preparing import Prepared, prepare
from simsearch.tuning.recipes import apply_recipe
from simsearch.tuning.reporting.page import CARD, PAGE, render_card, render_page
from simsearch.tuning.reporting.record import record
from simsearch.tuning.reporting.report import Preview, TuneReport, make_report, part_sizes
from simsearch.tuning.training.budget import seconds_of, training_time
from simsearch.types import Embedder, Notice, Observer

if TYPE_CHECKING:
    from simsearch.tuning.training.train import Trained


def tune(
    files: Sequence[Path],
    test_file: Path | None,
    tune_settings: TuneSettings,
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
        tune_settings: How to tune.
        home: The .simsearch/ folder; it changes only once the run is complete.
        download: Allow fetching the base model from the hub.

    Raises:
        InputError: The pairs, or what was asked of them, can't work.
    """
    began = time.monotonic()
    tune_settings = apply_recipe(tune_settings)
    ledger, runs = TestLedger(home), Runs(home / "models")
    budget = seconds_of(tune_settings.budget) if tune_settings.budget else None
    prepared = prepare(files, test_file, tune_settings, registry, ledger)
    base_folder = find_model(tune_settings.base, settings=settings, runs=runs.folder, download=download)
    load = loader(settings, runs, registry, observe)
    base = load(tune_settings.base)
    if tune_settings.negatives:
        prepared = with_negatives(prepared, tune_settings.negatives, registry, base, load, tune_settings.seed)
    findings = examine_for(prepared, base)
    if tune_settings.strict:
        refuse(findings)
    now = runs.promoted()
    promoted = load(now) if now else None
    base_knows = trained_rows(runs, tune_settings.base)
    test = prepared.parts.test
    unseen = untrained(test, trained_rows(runs, now))
    learnt = len(test) - len(untrained(test, base_knows))
    tell(findings, (overview(prepared.pairs, base.tokens), *prepared.notes), observe)
    tell_of_known(learnt, len(test) - len(unseen), len(test), observe)
    questions = questions_of(test)
    judging = time.monotonic()
    base_sees = embed(base.encode, questions)
    # The candidate will take as long to judge as the base did.
    until = budget and began + training_time(budget, time.monotonic() - judging)
    with runs.new(identity(prepared, base.fingerprint, tune_settings.seed, tune_settings.budget)) as run:
        trained = train_candidate(
            base_folder, prepared, run, tune_settings, until, settings, registry, observe
        )
        ledger.record(test)  # before it is looked at, so that no look is forgotten
        compared = compare(
            base,
            base_sees,
            load(run.model, name=run.name),
            promoted,
            test,
            unseen,
            prepared.related.held,
            ledger.evaluations(test),
            tune_settings.seed,
            trained.judge_as_trained(test, prepared.related.held),
        )
        leaked = min((prepared.related.tested + learnt) / len(test), 1.0)
        verdict = decide(compared, trained.dev, leaked, findings, tune_settings.promote)
        report = make_report(
            run.name,
            prepared,
            questions,
            trained,
            compared,
            verdict,
            leak=leak_in(prepared.related, compared),
            findings=findings,
            seed=tune_settings.seed,
            seconds=time.monotonic() - began,
        )
        kept = record(report, tune_settings, prepared, trained, files, test_file, registry)
        (run.model / PAGE).write_text(render_page(kept), encoding="utf-8")
        (run.model / CARD).write_text(render_card(kept), encoding="utf-8")
        keep_trained(run.model, [*prepared.parts.train, *prepared.parts.dev], base_knows)
        run.keep(kept)
    if verdict.promoted:
        runs.promote(report.run)
    return report


def preview(
    files: Sequence[Path],
    test_file: Path | None,
    tune_settings: TuneSettings,
    *,
    home: Path,
    settings: Settings,
    registry: Registry,
    observe: Observer,
) -> Preview:
    """What a run would do, and what is wrong with the pairs; nothing is trained or written."""
    tune_settings = apply_recipe(tune_settings)
    if tune_settings.budget:
        seconds_of(tune_settings.budget)
    prepared = prepare(files, test_file, tune_settings, registry, TestLedger(home))
    load = loader(settings, Runs(home / "models"), registry, observe)
    base = load(tune_settings.base)
    if tune_settings.negatives:
        prepared = with_negatives(prepared, tune_settings.negatives, registry, base, load, tune_settings.seed)
    findings = examine_for(prepared, base)
    notes = [overview(prepared.pairs, base.tokens), *prepared.notes]
    if tune_settings.budget:
        notes.append(
            f"Budget {tune_settings.budget}: the plan is fitted to it once it is seen how fast this machine trains."
        )
    if leak := leak_of(prepared.related):
        notes.append(leak.text)
    return Preview(findings=tuple(findings), notes=tuple(notes), pairs=part_sizes(prepared))


def examine_for(prepared: Prepared, base: Embedder) -> list[Finding]:
    """The doctor's findings; false negatives matter where the batch gives the negatives."""
    return examine(prepared.pairs, base.tokens, base.encode, in_batch=prepared.plan.kind in IN_BATCH)


def leak_in(related: RelatedRows, compared: Comparison) -> Leak | None:
    """What a random split, which has no dev part to choose by, would have claimed for the weights as trained."""
    ended, base = compared.as_trained, compared.base_on_held
    if ended is None or ended.held is None or base is None:
        return leak_of(related)
    clean = ended.tested.mean() - compared.base.mean()
    return leak_of(related, Claim(clean, ended.held.mean() - base.mean(), len(base.rankings)), compared.gain)


def tell(findings: Sequence[Finding], notes: Sequence[str], observe: Observer) -> None:
    """Say the findings and the plan before the long part begins."""
    for finding in findings:
        observe(Notice(str(finding), warning=finding.serious))
    for note in notes:
        observe(Notice(note))


def tell_of_known(by_base: int, by_promoted: int, count: int, observe: Observer) -> None:
    """Say which test pairs trained a model that they should judge."""
    if by_base:
        text = f"{by_base} of the {count} test pairs trained the base, so a gain over it proves less."
        observe(Notice(text, warning=True))
    if by_promoted:
        text = f"{by_promoted} of the {count} test pairs trained the model promoted now, so they don't compare with it."
        observe(Notice(text, warning=True))


def train_candidate(
    base: Path,
    prepared: Prepared,
    run: NewRun,
    tune_settings: TuneSettings,
    until: float | None,
    settings: Settings,
    registry: Registry,
    observe: Observer,
) -> Trained:
    """Train into run.model.

    Args:
        until: When it should be done, by time.monotonic(); None takes the time it takes.
    """
    from simsearch.tuning.training.train import train

    dev = questions_of(prepared.parts.dev) if similar_pairs(prepared.parts.dev) else None
    trained = train(
        base,
        prepared.train,
        prepared.negative_scores,
        prepared.plan,
        dev,
        seed=tune_settings.seed,
        scratch=run.scratch,
        threads=settings.threads,
        seconds=until and until - time.monotonic(),
        registry=registry,
        observe=observe,
    )
    trained.model.save_pretrained(str(run.model), create_model_card=False)
    return trained


def loader(settings: Settings, runs: Runs, registry: Registry, observe: Observer) -> Callable[..., Embedder]:
    """Loads models as `query` does."""
    return partial(load_embedder, settings=settings, runs=runs.folder, registry=registry, observe=observe)
