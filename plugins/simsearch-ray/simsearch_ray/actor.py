"""A worker of an index run in a process of the cluster."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping, Sequence

from simsearch.engines import Candidate, Embedded, FileTask, Outcome, Worker
from simsearch.errors import InputError
from simsearch.locations import may_exist


class WorkerActor:
    """Opens a worker, and gives it tasks.

    Args:
        folder: The folder that the command was started in; relative names mean the same here.
        open_worker: See simsearch.engines.EngineContext.
        threads: Threads to compute with.
    """

    def __init__(self, folder: str, open_worker: Callable[[int], Worker], threads: int) -> None:
        self._folder = folder
        self._open_worker = open_worker
        self._threads = threads
        self._worker: Worker | None = None

    def open(self) -> Mapping[str, str]:
        """Make the worker, and return its versions.

        Raises:
            InputError: This machine doesn't have the folder.
        """
        try:
            os.chdir(self._folder)
        except OSError as error:
            raise InputError(
                f"The worker on {socket.gethostname()} doesn't see the folder {self._folder}: {error.strerror}.",
                fix="Mount it under this path on every node of the cluster.",
            ) from error
        self._worker = self._open_worker(self._threads)
        return dict(self._worker.versions)

    def cut(self, tasks: Sequence[FileTask]) -> list[Outcome | None]:
        """The outcome of each task; None for a file that this machine doesn't see."""
        assert self._worker
        return [self._worker.cut(task) if _is_seen(task) else None for task in tasks]

    def embed(self, strings: Sequence[str]) -> Embedded:
        """The vectors of a batch."""
        assert self._worker
        return self._worker.embed(strings)


def _is_seen(task: FileTask) -> bool:
    return not isinstance(task, Candidate) or may_exist(task.file)
