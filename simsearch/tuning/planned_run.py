"""The first half of a tuning run: pairs read, divided, planned and examined. A preview ends here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simsearch.devices import ChosenDevice, choose_device
from simsearch.durations import parse_duration
from simsearch.embedding.remembering import RememberingEmbedder
from simsearch.errors import InputError
from simsearch.models import Models
from simsearch.settings import ALONE, Processes, TuneSettings
from simsearch.tuning.doctor.examining import count_tokens, describe_lengths, examine
from simsearch.tuning.doctor.findings import Finding
from simsearch.tuning.hard_negatives import add_negatives
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.plan import IN_BATCH, fit_learning_rate
from simsearch.tuning.preparing import Prepared, prepare
from simsearch.tuning.recipes import apply_recipe
from simsearch.types import Embedder, Progress

LOOKING, STEPS = "Looking over the pairs", 4


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run that can begin to train.

    Args:
        files: Pairs to train on (and to judge by, if there is no test file).
        test_file: Pairs that only judge.
        settings: With those of the recipe.
        budget: Seconds for the whole run; None for no limit.
        lengths: How long the texts are, in a sentence.
        findings: What is wrong with the pairs.
        ledger: What the test sets of this workspace were used for.
        device: What trains.
        processes: Those that train together; this is the first.
    """

    files: tuple[Path, ...]
    test_file: Path | None
    settings: TuneSettings
    budget: float | None
    prepared: Prepared
    base: Embedder
    lengths: str
    findings: tuple[Finding, ...]
    ledger: TestLedger
    device: ChosenDevice
    processes: Processes

    @property
    def about_machine(self) -> tuple[str, ...]:
        """What trains, a sentence each."""
        count = self.processes.count
        shared = f"Processes: {count}, which share the texts of each batch."
        return self.device.reason, *([shared] if count > 1 else [])

    @property
    def notes(self) -> tuple[str, ...]:
        """What to say before training begins."""
        return self.lengths, *self.prepared.notes, *self.about_machine


def plan_run(
    files: Sequence[Path],
    test_file: Path | None,
    settings: TuneSettings,
    models: Models,
    download: bool = False,
    processes: Processes = ALONE,
) -> PlannedRun:
    """Decide everything that comes before training; nothing is written.

    Args:
        download: Allow fetching the base model from the hub.

    Raises:
        InputError: The pairs or the settings can't work.
        DeviceMissing: The device is not on this machine.
    """
    device = choose_device(settings.device)
    settings, ledger = apply_recipe(settings), TestLedger(models.home)
    if processes.count > 1 and (settings.quick or device.name == "mps"):
        what = "--quick" if settings.quick else "The device mps"
        raise InputError(f"{what} works only in one process; run the command without torchrun.")
    budget = parse_duration(settings.budget, "--budget") if settings.budget else None
    models.observe(Progress(LOOKING, 0, STEPS, "reading and dividing them"))
    prepared = prepare(files, test_file, settings, models.registry, ledger)
    models.observe(Progress(LOOKING, 1, STEPS, "loading the base model"))
    base = RememberingEmbedder(models.load(settings.base, download))
    prepared = replace(prepared, plan=fit_learning_rate(prepared.plan, settings, base.dimension))
    if settings.negatives:
        prepared = add_negatives(prepared, settings, models.registry, base, models.load)
    in_batch = prepared.plan.kind in IN_BATCH
    models.observe(Progress(LOOKING, 2, STEPS, "counting tokens"))
    counts = count_tokens(prepared.pairs, base.tokens)
    models.observe(Progress(LOOKING, 3, STEPS, "checking texts"))
    findings = examine(
        prepared.pairs, base.tokens, base.encode, in_batch=in_batch, readings=prepared.readings, counts=counts
    )
    models.observe(Progress(LOOKING, STEPS, STEPS))
    return PlannedRun(
        files=tuple(files),
        test_file=test_file,
        settings=settings,
        budget=budget,
        prepared=prepared,
        base=base,
        lengths=describe_lengths(counts, base.tokens.limit),
        findings=tuple(findings),
        ledger=ledger,
        device=device,
        processes=processes,
    )
