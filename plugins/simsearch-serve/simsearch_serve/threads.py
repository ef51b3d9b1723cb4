"""A few threads that work one thing after another. They end with the process, whatever they are doing."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class Threads:
    """Unlike those of concurrent.futures, these do not keep a process from ending."""

    def __init__(self, count: int) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        for number in range(count):
            threading.Thread(target=self._work, name=f"simsearch-serve-{number}", daemon=True).start()

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Have it done by the next thread that is free; never, if the future is cancelled before."""
        future: Future[T] = Future()

        def task() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    result = work()
                except BaseException as error:
                    future.set_exception(error)
                else:
                    future.set_result(result)

        self._tasks.put(task)
        return future

    def _work(self) -> None:
        while True:
            self._tasks.get()()
