"""The engine: batches of files and strings go to the workers of a cluster, and results come back in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import ray

from simsearch.components import Notice
from simsearch.engines import Candidate, Embedded, Engine, EngineContext, FileTask, Outcome, Refused
from simsearch.locations import may_exist
from simsearch.wording import counted
from simsearch_ray.actor import WorkerActor
from simsearch_ray.batches import in_batches
from simsearch_ray.cluster import ClusterError, connect, count_gpus, count_places
from simsearch_ray.pool import WorkerLost, WorkerPool

T = TypeVar("T")
R = TypeVar("R")

ATTEMPTS = 2
"""How often a file or a batch of strings is tried again, after a worker has died with it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which cluster to use, and how much of it; see simsearch_ray.ray."""

    address: str
    workers: int
    threads: int


@dataclass(frozen=True, slots=True)
class Pools:
    """The workers that read and cut, and those that embed; the same where there is no GPU."""

    reading: WorkerPool
    embedding: WorkerPool


@contextmanager
def open_engine(context: EngineContext, plan: Plan) -> Iterator[Engine]:
    """Use a cluster until the context ends; its workers start at the first task."""
    # Not at the first task, which may come in a thread of its own: what Ray starts dies with the thread.
    with ExitStack() as stack:
        stack.enter_context(connect(plan.address))
        yield RayEngine(context, plan, stack)


class RayEngine:
    """Gives work to the processes of a cluster.

    Args:
        stack: Ends the processes when it is closed.
    """

    def __init__(self, context: EngineContext, plan: Plan, stack: ExitStack) -> None:
        self._context = context
        self._plan = plan
        self._stack = stack
        self._starting = threading.Lock()
        self._started: Pools | None = None

    def cut(self, tasks: Iterable[FileTask]) -> Iterator[Outcome]:
        """One outcome for each task, in order."""
        batches = in_batches(tasks)
        return chain.from_iterable(self._map(lambda: self._pools().reading, self._cut, batches))

    def embed(self, batches: Iterable[Sequence[str]]) -> Iterator[Embedded]:
        """The vectors of each batch, in order."""
        return self._map(lambda: self._pools().embedding, self._embed, batches)

    def _map(self, pool: Callable[[], WorkerPool], work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        waiting = iter(items)
        for first in waiting:  # without a task, no pool is started
            yield from pool().map(work, chain([first], waiting))

    def _cut(self, tasks: Sequence[FileTask]) -> list[Outcome]:
        try:
            return self._ask_to_cut(tasks)
        except WorkerLost:
            return [self._cut_alone(task) for task in tasks]

    def _cut_alone(self, task: FileTask) -> Outcome:
        """Cut a file of a batch with which a worker died. A file that ends every worker is refused."""
        for _ in range(ATTEMPTS):
            with suppress(WorkerLost):
                return self._ask_to_cut([task])[0]
        reason = f"reading it ended {ATTEMPTS + 1} worker processes in a row"
        return Refused(task.record, reason, gone=True, lasting=True)

    def _ask_to_cut(self, tasks: Sequence[FileTask]) -> list[Outcome]:
        found = self._pools().reading.ask("cut", tasks)
        return [outcome or self._cut_unseen(task) for task, outcome in zip(tasks, found, strict=True)]

    def _cut_unseen(self, task: FileTask) -> Outcome:
        """The outcome for a file that a worker doesn't see: it is missing here, too, or nothing may be said of it."""
        if isinstance(task, Candidate) and may_exist(task.file):
            raise ClusterError(
                f"A worker doesn't see {task.file}.",
                fix="Mount its folder under the same path on every node of the cluster.",
            )
        return self._context.worker.cut(task)

    def _embed(self, strings: Sequence[str]) -> Embedded:
        for _ in range(1 + ATTEMPTS):
            with suppress(WorkerLost):
                result: Embedded = self._pools().embedding.ask("embed", strings)
                return result
        raise ClusterError(
            f"{1 + ATTEMPTS} worker processes in a row ended while they embedded the same "
            f"{counted(len(strings), 'string', 'strings')}.",
            fix="The logs of Ray say why; often there is too little memory. What was committed is kept.",
        )

    def _pools(self) -> Pools:
        with self._starting:
            if self._started is None:
                self._started = self._start_pools()
            return self._started

    def _start_pools(self) -> Pools:
        threads, gpus = self._plan.threads, count_gpus()
        room = count_places(threads)
        wanted = self._plan.workers or room
        if wanted > room:
            self._tell(f"The Ray cluster has cores for {room} of {wanted} workers; the others wait.")
        reading = self._start_pool(wanted, num_cpus=threads)
        if not gpus:
            return Pools(reading, reading)
        return Pools(reading, self._start_pool(min(gpus, self._plan.workers or gpus), num_cpus=0, num_gpus=1))

    def _start_pool(self, size: int, **resources: int) -> WorkerPool:
        # A worker that dies is replaced here and not by Ray, because the task that it had says why.
        actor = ray.remote(WorkerActor).options(
            max_restarts=0, max_task_retries=0, scheduling_strategy="SPREAD", **resources
        )
        make = partial(actor.remote, str(Path.cwd()), self._context.open_worker, self._plan.threads)
        pool = WorkerPool(make, size, self._check_versions)
        self._stack.callback(self._close, pool)
        return pool

    def _close(self, pool: WorkerPool) -> None:
        pool.close()
        if pool.lost:
            processes = counted(pool.lost, "worker process ended and was", "worker processes ended and were")
            self._tell(f"{processes} replaced; their work was done again.")

    def _check_versions(self, found: Mapping[str, str]) -> None:
        """Demand that a worker would give the results that one in this process gives."""
        others = [name for name, version in self._versions.items() if found.get(name) != version]
        if others:
            raise ClusterError(
                f"A worker of the Ray cluster has something else than this machine as: {', '.join(others)}.",
                fix="Install the same packages and models on every node.",
            )

    @cached_property
    def _versions(self) -> Mapping[str, str]:
        return self._context.worker.versions

    def _tell(self, text: str) -> None:
        if self._context.observe:
            self._context.observe(Notice(text, warning=True))
