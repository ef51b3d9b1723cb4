"""Trains with sentence-transformers' trainer. Of the checkpoints that are as good as the best on the dev set, the
latest is kept.

Imports torch: only `tune` comes here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset

from simsearch.devices import Device
from simsearch.plugins.registry import Registry
from simsearch.settings import ALONE, Processes
from simsearch.torch_models import open_sentence_transformer
from simsearch.tuning.judging.comparison import AsTrained
from simsearch.tuning.judging.leaks import judge_held
from simsearch.tuning.judging.measures import (
    Embedded,
    Encode,
    ModelScores,
    Questions,
    embed,
    judge_embedded,
)
from simsearch.tuning.judging.probe import probe_questions
from simsearch.tuning.judging.test_set import TestSet
from simsearch.tuning.plan import Plan
from simsearch.tuning.training.checkpoints import BestCheckpoint
from simsearch.tuning.training.freezing import freeze
from simsearch.tuning.training.objective import Columns, make_loss, spread, training_columns
from simsearch.tuning.training.packing import packed_for
from simsearch.tuning.training.process_group import Job, joined, send
from simsearch.tuning.training.resuming import Saving, last_checkpoint, restore_state
from simsearch.tuning.training.sharing import Share, StopTogether
from simsearch.tuning.training.timing import fitted
from simsearch.tuning.training.trainer import Deadline, PlainTrainer, StepProgress, make_trainer, silence
from simsearch.tuning.training_summary import TrainingSummary
from simsearch.types import Notice, Observer, Pair, Scores

UNSHARED = (
    "The loss '{loss}' reads more than embeddings, so each process computes the whole batch, and several processes "
    "save no time."
)


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model.

    Args:
        model: The SentenceTransformer, with the candidate's weights.
        plan: How it was trained; a budget may have changed it.
        rows: Pairs it was trained on.
        checkpoints: How it did on the dev set.
        losses: Step to the mean loss since the one before it, in order.
        steps: Optimiser steps taken.
        stopped: Whether it was stopped before its end, by Ctrl-C or the budget.
    """

    model: Any
    plan: Plan
    rows: int
    checkpoints: BestCheckpoint
    losses: tuple[tuple[int, float], ...]
    steps: int
    stopped: bool

    @property
    def doubt(self) -> str | None:
        """Why the dev set speaks against the model; None if it doesn't."""
        mixes = self.checkpoints.mixes
        best = max((score for share, score in mixes.items() if share), default=0.0)
        if not mixes or mixes[0.0] <= best:
            return None
        return (
            f"On the dev set the base is better than any mix of it with the tuned weights ({mixes[0.0]:.3f} against "
            f"{best:.3f})"
        )

    @property
    def encode(self) -> Encode:
        """Embeds with the model as it is."""
        return self.checkpoints.encode

    @property
    def summary(self) -> TrainingSummary:
        checkpoints = self.checkpoints
        return TrainingSummary(
            plan=self.plan,
            rows=self.rows,
            steps=self.steps,
            stopped=self.stopped,
            curve=checkpoints.curve,
            dev=checkpoints.scores,
            best_epoch=checkpoints.best,
            mixes=checkpoints.mixes,
            share=checkpoints.share,
            losses=self.losses,
            device=self.model.device.type,
        )

    def judge_as_trained(self, test: TestSet, candidate: Embedded) -> AsTrained | None:
        """How good the weights are that training ended with; None where no rows are held out to measure a leak.

        Args:
            candidate: The questions of the test set as the model embeds them, without a map.
        """
        if not test.held_out:
            return None
        chosen = self.checkpoints.chose_the_last
        with self.checkpoints.as_trained() as encode:
            vectors = candidate if chosen else embed(encode, test.questions)
            leaked = judge_held(encode, vectors, test)
            return AsTrained(judge_embedded(vectors, test.questions), leaked, chosen)


def train(
    folder: Path,
    pairs: Sequence[Pair],
    negative_scores: Scores | None,
    plan: Plan,
    dev: Questions | None,
    *,
    base_scores: ModelScores | None = None,
    seed: int,
    scratch: Path,
    threads: int = 0,
    device: Device = "cpu",
    processes: Processes = ALONE,
    seconds: float | None = None,
    registry: Registry,
    observe: Observer,
) -> Trained:
    """Train the model in `folder` on the pairs.

    Args:
        negative_scores: float32 [n, negatives], for data of the kind `margins`.
        dev: The questions that choose the checkpoint; None keeps the last one.
        base_scores: Those of the base on these questions, if they are known.
        scratch: A folder for checkpoints; a run that left one there is resumed.
        threads: Threads to compute with; 0 leaves it to torch.
        device: What trains.
        processes: This process is the first of them; the others run `assist`.
        seconds: Time limit; None for no limit.
    """
    began = time.monotonic()
    if threads:
        torch.set_num_threads(threads)
    torch.manual_seed(seed)
    model = open_sentence_transformer(folder, device)
    columns = training_columns(pairs, negative_scores, plan)
    if seconds is not None:
        known = len(plan.reasons)
        plan = fitted(plan, columns, seconds, model, registry, scratch)
        for reason in plan.reasons[known:]:
            observe(Notice(reason))
    columns = spread(columns, plan.rows)
    checkpoints = BestCheckpoint(model, dev, base_scores, probe_questions())
    begun = last_checkpoint(scratch)
    with joined(processes) as share:
        if share:
            send(Job.of(folder, columns, plan, seed, device, scratch, begun))
        trainer, batches = make_ready(model, columns, plan, seed, scratch, registry, share)
        for callback in (checkpoints, Saving(checkpoints), StepProgress(observe, checkpoints)):
            trainer.add_callback(callback)
        if seconds is not None:
            trainer.add_callback(Deadline(began + seconds))
        if share:
            trainer.add_callback(StopTogether())
            if isinstance(batches, nullcontext):
                observe(Notice(UNSHARED.format(loss=plan.loss.name), warning=True))
        with batches, silence():
            run_until_stopped(trainer, checkpoints, begun, observe)
    checkpoints.keep_best()
    return Trained(
        model=model,
        plan=plan,
        rows=len(columns["anchor"]),
        checkpoints=checkpoints,
        losses=losses_of(trainer),
        steps=trainer.state.global_step,
        stopped=trainer.state.global_step < trainer.state.max_steps,
    )


def make_ready(
    model: Any,
    columns: Columns,
    plan: Plan,
    seed: int,
    scratch: Path,
    registry: Registry,
    share: Share | None,
) -> tuple[PlainTrainer, AbstractContextManager[None]]:
    """The trainer, and how its batches run: what each of several processes has alike.

    Args:
        share: The part of each batch that this process embeds; None for all of it.
    """
    freeze(model, plan.freeze)
    loss = make_loss(plan, model, registry)
    with plan.loss.guarded():
        batches = packed_for(loss, model, columns, share)
    return make_trainer(model, loss, Dataset.from_dict(columns), plan, seed, scratch), batches


def run_until_stopped(
    trainer: PlainTrainer, checkpoints: BestCheckpoint, begun: Path | None, observe: Observer
) -> None:
    """Train to the end, or until Ctrl-C where there are weights worth keeping.

    Args:
        begun: The checkpoint of a killed run to resume from.

    Raises:
        KeyboardInterrupt: It came before there were any, or there are other processes, which it has ended.
    """
    if begun:
        restore_state(checkpoints, begun)
        step = begun.name.partition("-")[2]
        observe(
            Notice(f"Resuming at step {step} a run that was killed; its data and settings are unchanged.")
        )
    try:
        trainer.train(resume_from_checkpoint=str(begun) if begun else None)
    except KeyboardInterrupt:
        if not checkpoints.found or trainer.args.world_size > 1:
            raise
        observe(
            Notice(
                "Stopped: continuing with the best weights so far; press Ctrl-C again to abort.",
                warning=True,
            )
        )


def losses_of(trainer: Any) -> tuple[tuple[int, float], ...]:
    """What the trainer logged of the loss."""
    logged = [(entry["step"], entry["loss"]) for entry in trainer.state.log_history if "loss" in entry]
    return tuple((int(step), round(float(loss), 5)) for step, loss in logged)
