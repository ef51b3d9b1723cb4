"""sentence-transformers' trainer as simsearch runs it: its arguments, its progress, and when it stops.

Imports torch.
"""

from __future__ import annotations

import contextlib
import os
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.base.modules import Router
from sentence_transformers.base.sampler import BatchSamplers
from transformers import PrinterCallback, ProgressCallback, TrainerCallback

from simsearch.tuning.plan import IN_BATCH, Plan
from simsearch.tuning.training.checkpoints import BestCheckpoint
from simsearch.tuning.training.sampling import ClassesApart
from simsearch.tuning.training.sharing import SameBatches
from simsearch.types import Observer, Progress

TASK = "Training"
LOSSES = 50
"""How many values the curve of the loss has, at most about."""


class PlainTrainer(SentenceTransformerTrainer):  # type: ignore[misc]
    """sentence-transformers' trainer without its model card, which draws examples from the pairs and asks the hub."""

    def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
        return

    def get_batch_sampler(self, dataset: Dataset, **options: Any) -> Any:
        """Every process gets every batch, and embeds its share of it."""
        sampler, count = super().get_batch_sampler(dataset, **options), self.args.world_size
        return SameBatches(sampler, count) if count > 1 else sampler

    def store_flos(self) -> None:
        """Not counted: the processes would have to exchange it, and the first one saves alone."""

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        self.model.save_pretrained(output_dir or self.args.output_dir, create_model_card=False)


def make_trainer(model: Any, loss: Any, rows: Dataset, plan: Plan, seed: int, scratch: Path) -> PlainTrainer:
    """The trainer, silent."""
    arguments = training_arguments(plan, len(rows), seed, scratch, model, rows.column_names)
    trainer = PlainTrainer(model=model, args=arguments, train_dataset=rows, loss=loss)
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(ProgressCallback)
    return trainer


def trains_in_bf16(device: str) -> bool:
    """Whether a device computes in bfloat16 where that is safe: an NVIDIA or AMD GPU that has it in hardware."""
    return device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def training_arguments(
    plan: Plan, rows: int, seed: int, scratch: Path, model: Any, columns: Sequence[str]
) -> SentenceTransformerTrainingArguments:
    """The plan as arguments of the trainer."""
    steps = max(rows // plan.batch_size, 1) * plan.epochs
    warmup = plan.warmup if plan.warmup >= 1 else steps * plan.warmup
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(scratch),
        num_train_epochs=plan.epochs,
        per_device_train_batch_size=plan.batch_size,
        learning_rate=plan.learning_rate,
        warmup_steps=int(warmup),
        weight_decay=plan.weight_decay,
        batch_sampler=sampler(plan, columns),
        prompts=training_prompts(model, columns),
        router_mapping=roles_of(columns) if any(isinstance(m, Router) for m in model.children()) else {},
        seed=seed,
        data_seed=seed,
        dataloader_drop_last=True,  # else the arguments warn where there are several processes, and set it
        use_cpu=model.device.type == "cpu",
        bf16=trains_in_bf16(model.device.type),
        save_strategy="no",  # `Saving` asks for checkpoints
        save_total_limit=2,  # the older one counts while the newer is being written
        eval_strategy="no",
        logging_steps=max(steps // LOSSES, 1),
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
        dataloader_num_workers=0,
    )
    arguments.dataloader_drop_last = False  # all processes have the same last batch
    arguments._n_gpu = min(arguments.n_gpu, 1)  # else the trainer copies the model to every GPU it sees
    return arguments


def sampler(plan: Plan, columns: Sequence[str]) -> Any:
    """How rows come together in batches. Every loss with in-batch negatives needs repeated texts, and texts of one
    class, kept apart; graded ones compare rows as they are."""
    if plan.kind not in IN_BATCH:
        return BatchSamplers.BATCH_SAMPLER
    return ClassesApart if "label" in columns else BatchSamplers.NO_DUPLICATES


def training_prompts(model: Any, columns: Sequence[str]) -> dict[str, str] | None:
    """The model's own prompts for each column, so that it trains on what it will read."""
    prompts = {name: text for name, role in roles_of(columns).items() if (text := model.prompts.get(role))}
    return prompts or None


def roles_of(columns: Sequence[str]) -> dict[str, str]:
    """Whether each column of texts holds queries or documents."""
    return {name: "query" if name == "anchor" else "document" for name in columns if name != "label"}


class StepProgress(TrainerCallback):  # type: ignore[misc]
    """Reports each step to the observer, with the score on the dev set."""

    def __init__(self, observe: Observer, checkpoints: BestCheckpoint) -> None:
        self._observe = observe
        self._checkpoints = checkpoints

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        detail = f"epoch {min(int(state.epoch) + 1, int(args.num_train_epochs))}"
        latest = self._checkpoints.latest
        if latest is not None:
            detail += f"  dev {latest:.3f}"
        self._observe(Progress(TASK, state.global_step, state.max_steps, detail))


class Deadline(TrainerCallback):  # type: ignore[misc]
    """Stops when the time is over, if the estimate was too low."""

    def __init__(self, at: float) -> None:
        self._at = at

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if time.monotonic() > self._at:
            control.should_training_stop = True


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Keep the trainer's own prints off the user's screen, and what its libraries warn each other of: our progress
    says it."""
    with (
        open(os.devnull, "w") as nowhere,  # noqa: PTH123
        contextlib.redirect_stdout(nowhere),
        warnings.catch_warnings(action="ignore", category=FutureWarning),
    ):
        yield
