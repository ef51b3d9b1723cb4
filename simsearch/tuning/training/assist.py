"""What the other processes of a training do: they take every step along with the first one, and nothing else.

Imports torch.
"""

from __future__ import annotations

from pathlib import Path

import torch

from simsearch.plugins.registry import Registry
from simsearch.settings import Processes
from simsearch.torch_models import open_sentence_transformer
from simsearch.tuning.training.process_group import joined, receive
from simsearch.tuning.training.sharing import StopTogether
from simsearch.tuning.training.train import make_ready
from simsearch.tuning.training.trainer import silence


def assist(registry: Registry, processes: Processes, threads: int = 0) -> None:
    """Train along with the first process; nothing is judged, reported or kept here.

    Args:
        threads: Threads to compute with; 0 leaves it to torch.

    Raises:
        ProcessLost: Another process has ended.
    """
    if threads:
        torch.set_num_threads(threads)
    with joined(processes) as share:
        job = receive()
        torch.manual_seed(job.seed)
        model = open_sentence_transformer(Path(job.folder), job.device)
        plan = job.plan(registry)
        trainer, batches = make_ready(model, job.columns, plan, job.seed, Path(job.scratch), registry, share)
        trainer.add_callback(StopTogether())
        with batches, silence():
            trainer.train(resume_from_checkpoint=job.checkpoint)
