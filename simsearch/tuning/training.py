"""Trains with sentence-transformers' own trainer, and keeps the checkpoint that the dev part likes best.

Imports torch: only `tune` comes here.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import BatchSamplers
from transformers import PrinterCallback, ProgressCallback, TrainerCallback
from transformers.utils.logging import disable_progress_bar

from simsearch.registry import Registry
from simsearch.tuning.judging import Questions, judge
from simsearch.tuning.merging import best_mix
from simsearch.tuning.packing import packed
from simsearch.tuning.plan import Plan
from simsearch.types import Observer, Pair, Progress, Role, Scores, Vectors

TASK = "Training"


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model.

    Args:
        model: The SentenceTransformer, with the best checkpoint's weights.
        dev: nDCG@10 on the dev part before training and after each epoch; empty without a dev part.
        best_epoch: The epoch whose weights were kept, from 1.
        share: How much of them is in the model, the rest being the base's; 1 without a dev part.
        merged: nDCG@10 of that mix on the dev part; None without one.
        steps: Optimiser steps taken.
    """

    model: Any
    dev: tuple[float, ...]
    best_epoch: int
    share: float
    merged: float | None
    steps: int


def load_for_training(folder: Path) -> Any:
    """The SentenceTransformer in a folder, from local files and without running code from it."""
    disable_progress_bar()
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)


def train(
    folder: Path,
    pairs: Sequence[Pair],
    negative_scores: Scores | None,
    plan: Plan,
    dev: Questions | None,
    *,
    seed: int,
    scratch: Path,
    threads: int,
    registry: Registry,
    observe: Observer,
) -> Trained:
    """Train the model in `folder` on the pairs.

    Args:
        negative_scores: float32 [n, negatives], for data of the kind `margins`.
        dev: The questions that choose the checkpoint; None keeps the last one.
        scratch: A folder for the trainer's own files.
        threads: Threads to compute with; 0 leaves it to torch.
    """
    if threads:
        torch.set_num_threads(threads)
    torch.manual_seed(seed)
    model = load_for_training(folder)
    columns = training_columns(pairs, negative_scores, plan)
    checkpoints = BestCheckpoint(model, dev)
    trainer = PlainTrainer(
        model=model,
        args=training_arguments(plan, len(pairs), seed, scratch, model, list(columns)),
        train_dataset=Dataset.from_dict(columns),
        loss=make_loss(plan, model, registry),
        callbacks=[StepProgress(observe), checkpoints],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(ProgressCallback)
    with packed(model), _silence():
        trainer.train()
    share, merged = checkpoints.keep_best()
    return Trained(
        model, tuple(checkpoints.scores), checkpoints.best, share, merged, trainer.state.global_step
    )


def make_loss(plan: Plan, model: Any, registry: Registry) -> Any:
    """The plan's loss around the model."""
    with plan.loss.guarded():
        loss = plan.loss.value(model, registry.training_data(plan.kind, plan.negatives))
    if not isinstance(loss, torch.nn.Module):
        raise plan.loss.blame(f"gave a {type(loss).__name__}, not a torch module")
    return loss


def training_columns(
    pairs: Sequence[Pair], negative_scores: Scores | None, plan: Plan
) -> dict[str, list[Any]]:
    """The columns that sentence-transformers feeds the loss; `label` holds the scores."""
    columns: dict[str, list[Any]] = {
        "anchor": [pair.anchor for pair in pairs],
        "positive": [pair.positive for pair in pairs],
    }
    for i in range(plan.negatives):
        columns[f"negative_{i + 1}"] = [pair.negatives[i] for pair in pairs]
    if plan.kind == "binary":
        columns["label"] = [int(pair.score or 0) for pair in pairs]
    elif plan.kind == "graded":
        columns["label"] = [float(pair.score or 0) for pair in pairs]
    elif plan.kind == "margins":
        assert negative_scores is not None
        columns["label"] = [
            [float(pair.score or 0), *map(float, scores)]
            for pair, scores in zip(pairs, negative_scores, strict=True)
        ]
    return columns


def training_arguments(
    plan: Plan, rows: int, seed: int, scratch: Path, model: Any, columns: Sequence[str]
) -> SentenceTransformerTrainingArguments:
    """The plan in the trainer's words."""
    steps = max(rows // plan.batch_size, 1) * plan.epochs
    warmup = plan.warmup if plan.warmup >= 1 else steps * plan.warmup
    # Every loss with in-batch negatives needs repeated texts kept apart; graded ones compare rows as they are.
    apart = plan.kind in ("pairs", "triplets")
    return SentenceTransformerTrainingArguments(
        output_dir=str(scratch),
        num_train_epochs=plan.epochs,
        per_device_train_batch_size=plan.batch_size,
        learning_rate=plan.learning_rate,
        warmup_steps=int(warmup),
        weight_decay=plan.weight_decay,
        batch_sampler=BatchSamplers.NO_DUPLICATES if apart else BatchSamplers.BATCH_SAMPLER,
        prompts=training_prompts(model, columns),
        seed=seed,
        data_seed=seed,
        use_cpu=True,
        save_strategy="no",
        eval_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
        dataloader_num_workers=0,
    )


def training_prompts(model: Any, columns: Sequence[str]) -> dict[str, str] | None:
    """The model's own prompts for each column, so that it trains on what it will read."""
    texts = {name: model.prompts.get("query" if name == "anchor" else "document") for name in columns}
    prompts = {name: text for name, text in texts.items() if text and name != "label"}
    return prompts or None


class PlainTrainer(SentenceTransformerTrainer):  # type: ignore[misc]
    """sentence-transformers' trainer without its model card, whose widget examples draw from the pairs."""

    def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
        return


class StepProgress(TrainerCallback):  # type: ignore[misc]
    """Tells the observer of each step."""

    def __init__(self, observe: Observer) -> None:
        self._observe = observe

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        detail = f"epoch {min(int(state.epoch) + 1, int(args.num_train_epochs))}"
        self._observe(Progress(TASK, state.global_step, state.max_steps, detail))


class BestCheckpoint(TrainerCallback):  # type: ignore[misc]
    """Judges the model on the dev part before training and after each epoch, and keeps the best weights."""

    def __init__(self, model: Any, dev: Questions | None) -> None:
        self._model = model
        self._dev = dev
        self._base: dict[str, torch.Tensor] = {}
        self._tuned: dict[str, torch.Tensor] = {}
        self.scores: list[float] = []
        self.best = 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self._dev is not None:
            self.scores.append(self._score())
            self._base = self._weights()

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self._dev is None:
            self.best += 1
            return
        self.scores.append(self._score())
        if not self._tuned or self.scores[-1] > self.scores[self.best]:
            self.best = len(self.scores) - 1
            self._tuned = self._weights()

    def keep_best(self) -> tuple[float, float | None]:
        """Leave the model with the best epoch's weights, mixed with the base's where that is better still;
        returns the share and the score of the mix. Without a dev part the last weights stay."""
        if self._dev is None:
            return 1.0, None
        return best_mix(self._model, self._base, self._tuned, self._score)

    def _score(self) -> float:
        assert self._dev is not None
        return judge(self._encode, self._dev).mean()

    def _weights(self) -> dict[str, torch.Tensor]:
        return {name: value.clone() for name, value in self._model.state_dict().items()}

    def _encode(self, texts: Sequence[str], role: Role) -> Vectors:
        encode = self._model.encode_query if role == "query" else self._model.encode_document
        vectors: Vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return vectors


@contextlib.contextmanager
def _silence() -> Any:
    """Keep the trainer's own prints off the user's screen: our progress says it."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123
        yield
