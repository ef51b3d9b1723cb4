"""A pool of worker processes: each has one task at a time, and one that dies is replaced."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

import ray
from ray.exceptions import RayError, RayTaskError

from simsearch.errors import SimsearchError
from simsearch_ray.cluster import ClusterError

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 3
"""Tasks for each worker that are taken before their results are asked for."""

PATIENCE = 120.0
"""Seconds to wait for a worker where there is none."""

STARTS = 3
"""Workers in a row that may die before they are ready."""


class WorkerLost(Exception):
    """A worker died with the task that it had."""


class WorkerPool:
    """Processes that answer calls, until the pool is closed.

    A thread of this process waits for each of them. So a worker never has two tasks, and it is known which task it died
    with.

    Args:
        make: Makes an actor.
        size: How many actors to have.
        check: Is given what an actor's `open` returns, and raises if that actor must not be used.
    """

    def __init__(self, make: Callable[[], Any], size: int, check: Callable[[Any], None]) -> None:
        self._make = make
        self._check = check
        self._size = size
        self._ready: queue.Queue[Any] = queue.Queue()
        self._asking = ThreadPoolExecutor(size, "simsearch-ray")
        self._starting: set[threading.Thread] = set()
        self._actors: set[Any] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._failure: SimsearchError | None = None
        self._failed_starts = 0
        self._last_seen = time.monotonic()
        self.lost = 0
        """Workers that died."""
        for _ in range(size):
            self._start_actor()

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Do something for each item in threads, and give the results in order."""
        waiting: deque[Future[R]] = deque()
        try:
            for item in items:
                waiting.append(self._asking.submit(work, item))
                if len(waiting) >= AHEAD * self._size:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def ask(self, method: str, *given: Any) -> Any:
        """Call a method of the next actor that is free.

        Raises:
            WorkerLost: The actor died.
            SimsearchError: The method raised it.
            ClusterError: The method raised something else, or no actor becomes ready.
        """
        actor = self._take()
        try:
            result = _call(actor, method, *given)
        except WorkerLost:
            self._replace(actor)
            raise
        except BaseException:
            self._ready.put(actor)
            raise
        self._ready.put(actor)
        return result

    def close(self) -> None:
        """End all processes; calls that wait are given up."""
        with self._lock:
            self._closed = True
            actors = list(self._actors)
        for actor in actors:
            ray.kill(actor)
        self._asking.shutdown(cancel_futures=True)
        for thread in list(self._starting):
            thread.join()

    def _take(self) -> Any:
        while True:
            if self._failure:
                raise self._failure
            with suppress(queue.Empty):
                actor = self._ready.get(timeout=0.5)
                self._last_seen = time.monotonic()
                return actor
            self._demand_hope()

    def _demand_hope(self) -> None:
        """Raise where no worker will become ready."""
        if self._closed:
            raise WorkerLost
        waited = time.monotonic() - self._last_seen
        if waited > PATIENCE and not self._actors_at_work():
            raise ClusterError(
                f"No worker of the Ray cluster became ready within {PATIENCE:.0f} s.",
                fix="Look with `ray status` whether its cores are taken.",
            )

    def _actors_at_work(self) -> bool:
        with self._lock:
            return len(self._actors) > len(self._starting)

    def _replace(self, actor: Any) -> None:
        with self._lock:
            self._actors.discard(actor)
            self.lost += not self._closed
        self._last_seen = time.monotonic()
        self._start_actor()

    def _start_actor(self) -> None:
        with self._lock:
            if self._closed:
                return
            actor = self._make()
            self._actors.add(actor)
            thread = threading.Thread(
                target=self._open, args=(actor,), daemon=True, name="simsearch-ray-start"
            )
            self._starting.add(thread)
        thread.start()

    def _open(self, actor: Any) -> None:
        """Wait until an actor is ready; then it can be taken."""
        try:
            self._check(_call(actor, "open"))
        except WorkerLost as lost:
            self._failed_starts += 1
            if self._failed_starts < STARTS:
                self._replace(actor)
            elif not self._closed:
                self._failure = ClusterError(
                    f"{STARTS} workers of the Ray cluster ended before they were ready. Ray says: {lost}",
                    fix="Often there is too little memory for the model.",
                )
        except SimsearchError as error:
            self._failure = error
        else:
            self._failed_starts = 0
            self._ready.put(actor)
        finally:
            self._starting.discard(threading.current_thread())


def _call(actor: Any, method: str, *given: Any) -> Any:
    try:
        return ray.get(getattr(actor, method).remote(*given))
    except RayTaskError as error:
        if isinstance(error.cause, SimsearchError):
            raise error.cause from None
        raise ClusterError(f"A worker of the Ray cluster failed: {error.cause!r}.") from error
    except RayError as error:
        raise WorkerLost(_last_line(error)) from error


def _last_line(error: Exception) -> str:
    """What Ray says of a worker that died is a page, whose end is the cause."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
