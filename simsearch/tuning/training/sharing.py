"""A batch that several processes share: each embeds a part of its texts, and the loss of each sees all of them.

So every loss has the in-batch negatives of the whole batch, and training takes the steps that one process would take.
Only a process's own embeddings carry a gradient, and averaging over the processes, as DistributedDataParallel does,
completes it.

Imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, distributed
from transformers import TrainerCallback


@dataclass(frozen=True, slots=True)
class Share:
    """The part of one process: of texts in order of their lengths, every `count`-th from the one of number `rank`, so
    that all have about as many tokens."""

    rank: int
    count: int

    def pick(self, order: Tensor) -> Tensor:
        """Numbers of the texts to embed here. Where there are fewer texts than processes, some embed the first
        again."""
        mine = order[self.rank :: self.count]
        return mine if len(mine) else order[:1]

    def gather(self, own: Tensor, total: int) -> Tensor:
        """The embeddings of all texts, in the order they were picked from.

        Args:
            own: Those of the texts that were picked here, [m, d].
            total: Number of texts in all.
        """
        padded = torch.cat([own, own.new_zeros(-(-total // self.count) - len(own), own.shape[1])])
        parts = [torch.empty_like(padded) for _ in range(self.count)]
        distributed.all_gather(parts, padded.detach())
        if padded.requires_grad:
            # DistributedDataParallel averages the gradients of the processes, and their sum is wanted.
            padded.register_hook(lambda gradient: gradient * self.count)  # type: ignore[no-untyped-call]
        parts[self.rank] = padded
        embeddings = torch.stack(parts, dim=1).flatten(0, 1)[:total]
        # A process without a text of its own must have a gradient too, or the others wait for it.
        return embeddings + 0 * own.sum() if self.rank >= total else embeddings


class SameBatches:
    """Yields each batch of a sampler once for each process: accelerate deals batches out in turn, so all get the same.

    Args:
        sampler: Of batches of any sizes.
    """

    def __init__(self, sampler: Any, count: int) -> None:
        self.sampler = sampler  # accelerate tells it the epoch under this name
        self._count = count

    def __iter__(self) -> Iterator[list[int]]:
        for batch in self.sampler:
            for _ in range(self._count):
                yield batch

    def __len__(self) -> int:
        return len(self.sampler) * self._count


class StopTogether(TrainerCallback):  # type: ignore[misc]
    """All processes stop after the same step: when the first one stops, as at the end of a budget."""

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        stop = torch.tensor([int(control.should_training_stop)])
        distributed.broadcast(stop, src=0)
        control.should_training_stop = bool(stop.item())
