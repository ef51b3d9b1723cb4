"""Several processes that share one listening socket: one that ends is replaced, and all end together.

uvicorn has a supervisor too, which does not react to a signal while it waits for a worker that is just starting.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from simsearch import SimsearchError

MOST_ENDED, WITHIN = 5, 60.0
"""Workers that end within that many seconds are replaced at once, up to that number; others when the time is over."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Workers:
    """Processes that all do the same.

    Args:
        count: How many there are.
        work: What each does until SIGTERM. It is pickled.
        say: Is told of workers that end.
        forget: Is called with the number of a process that has ended.
    """

    def __init__(
        self,
        count: int,
        work: Callable[[], None],
        say: Callable[[str], None],
        forget: Callable[[int], None],
    ) -> None:
        self._count, self._work, self._say, self._forget = count, work, say, forget
        self._running: dict[int, SpawnProcess] = {}
        self._ended: deque[float] = deque(maxlen=MOST_ENDED)

    def run(self, seconds: float) -> None:
        """Keep them running until SIGTERM or Ctrl-C.

        Args:
            seconds: Time that they have to end; those that still run are killed then, or at a second signal.

        Raises:
            SimsearchError: None is left, because they end as soon as they have started.
        """
        with _signals() as told:
            try:
                while told not in self._replace_ended(told):
                    pass
            finally:
                self._end(told, seconds)

    def _replace_ended(self, told: Connection) -> Sequence[object]:
        """Wait for something to happen; what it was."""
        while len(self._running) < self._count and not self._pause():
            self._start()
        if not self._running:
            raise SimsearchError(
                f"{MOST_ENDED} workers have ended within {WITHIN:g} seconds, and none is left: "
                "what they said above tells why."
            )
        happened = wait([told, *self._running], self._pause() if len(self._running) < self._count else None)
        for ended in self._running.keys() & happened:
            process = self._take_out(ended)
            self._say(
                f"Worker {process.pid} has ended ({_describe(process.exitcode)}); another takes its place."
            )
        return happened

    def _pause(self) -> float:
        """Seconds until another worker may be started."""
        if len(self._ended) < MOST_ENDED:
            return 0.0
        return max(0.0, self._ended[0] + WITHIN - time.monotonic())

    def _start(self) -> None:
        process = multiprocessing.get_context("spawn").Process(target=self._work)
        with _interrupts_held_back():
            process.start()
        self._running[process.sentinel] = process

    def _take_out(self, sentinel: int) -> SpawnProcess:
        process = self._running.pop(sentinel)
        process.join()
        self._ended.append(time.monotonic())
        self._forget(process.pid or 0)
        return process

    def _end(self, told: Connection, seconds: float) -> None:
        """Tell all to end, and wait for them."""
        while told.poll():
            told.recv_bytes()
        for process in self._running.values():
            process.terminate()
        until = time.monotonic() + seconds
        while self._running and (left := until - time.monotonic()) > 0:
            happened = wait([told, *self._running], left)
            for ended in self._running.keys() & happened:
                self._take_out(ended)
            if told in happened:
                break
        for process in self._running.values():
            process.kill()
            process.join()


def _describe(status: int | None) -> str:
    return signal.Signals(-status).name if status and status < 0 else f"exit status {status}"


@contextmanager
def _signals() -> Iterator[Connection]:
    """A connection that has something to read after SIGTERM or Ctrl-C, so that one can wait for it."""
    told, tell = multiprocessing.Pipe(duplex=False)
    before = {number: signal.signal(number, lambda *_: tell.send_bytes(b"stop")) for number in _SIGNALS}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """What is started in here never hears of Ctrl-C, which a terminal sends to all of its processes."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
