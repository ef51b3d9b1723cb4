"""The processes that train together: joining them, and telling the others what to train.

Imports torch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from torch import distributed

from simsearch.devices import Device
from simsearch.errors import ProcessLost
from simsearch.plugins.registry import Registry
from simsearch.settings import Processes
from simsearch.tuning.plan import Plan
from simsearch.tuning.training.objective import Columns
from simsearch.tuning.training.sharing import Share

PATIENCE = timedelta(days=1)
"""The others wait while the first one reads pairs and mines negatives. The launcher ends them if it fails."""

NUMBERS = ("kind", "negatives", "epochs", "batch_size", "learning_rate", "warmup", "weight_decay", "freeze")


@dataclass(frozen=True, slots=True)
class Job:
    """What all processes train.

    Args:
        folder: The model to start from, which every process must be able to read.
        columns: Texts and labels, those of all processes.
        loss: A component string.
        numbers: The rest of the plan.
        checkpoint: A folder to resume from; None begins at the start.
    """

    folder: str
    columns: Columns
    loss: str
    numbers: dict[str, Any]
    seed: int
    device: Device
    scratch: str
    checkpoint: str | None

    @classmethod
    def of(
        cls, folder: Path, columns: Columns, plan: Plan, seed: int, device: Device,
        scratch: Path, checkpoint: Path | None,
    ) -> Job:  # fmt: skip
        numbers = {name: getattr(plan, name) for name in NUMBERS}
        begun = None if checkpoint is None else str(checkpoint)
        return cls(str(folder), columns, plan.loss.spec, numbers, seed, device, str(scratch), begun)

    def plan(self, registry: Registry) -> Plan:
        return Plan(**self.numbers, loss=registry.loss(self.loss), rows=None, reasons=())


@contextmanager
def joined(processes: Processes) -> Iterator[Share | None]:
    """Work as one of several processes; None for a single one.

    The process group is left to the end of the process: if DistributedDataParallel is its last owner, torch 2.13 joins
    gloo's thread without giving up the interpreter lock, which that thread may wait for.

    Raises:
        ProcessLost: Another process has ended.
    """
    if processes.count == 1:
        yield None
        return
    on_gpus = torch.cuda.is_available() and distributed.is_nccl_available()
    if on_gpus:
        torch.cuda.set_device(processes.on_machine)
    try:
        if not distributed.is_initialized():
            distributed.init_process_group("cpu:gloo,cuda:nccl" if on_gpus else "gloo", timeout=PATIENCE)
        yield Share(processes.rank, processes.count)
    except RuntimeError as error:
        if is_lost(error):
            raise ProcessLost from error
        raise


def is_lost(error: RuntimeError) -> bool:
    """Whether a call failed because another process is gone: gloo has no type of its own for it."""
    return isinstance(error, distributed.DistError) or "gloo" in str(error)


def send(job: Job) -> None:
    """Tell the other processes what to train."""
    content = bytearray(json.dumps(asdict(job)).encode())
    distributed.broadcast(torch.tensor([len(content)]), src=0)
    distributed.broadcast(torch.frombuffer(content, dtype=torch.uint8), src=0)


def receive() -> Job:
    """What the first process says to train; waits for it."""
    size = torch.zeros(1, dtype=torch.int64)
    distributed.broadcast(size, src=0)
    content = torch.empty(int(size.item()), dtype=torch.uint8)
    distributed.broadcast(content, src=0)
    return Job(**json.loads(content.numpy().tobytes()))
