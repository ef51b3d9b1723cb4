"""stdin and stdout for the protocol alone, and the end of the process."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import time
from types import FrameType
from typing import BinaryIO, NoReturn

GRACE = 0.7
"""Seconds for what is still running when the client leaves; then the process ends in any case."""

INTERRUPTED = 130


class Channel:
    """The client's lines, and the way back to it.

    From `claim` on, everything else that is printed, by libraries and processes too, goes to stderr, and nothing else
    can read what the client sends.

    Args:
        source: What the client sends.
        target: Where answers go.
    """

    def __init__(self, source: BinaryIO, target: BinaryIO) -> None:
        self._source, self._target = source, target
        self._writing = threading.Lock()
        self._ended = threading.Event()
        self.lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.status = 0
        threading.Thread(target=self._read, name="stdin", daemon=True).start()

    @classmethod
    def claim(cls) -> Channel:
        """The channel over stdin and stdout of this process, which ends with it, on SIGTERM and on Ctrl-C."""
        source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        sys.stdout.flush()  # what was printed before was not for the client either
        channel = cls(source, target)
        signal.signal(signal.SIGTERM, channel._stop)
        signal.signal(signal.SIGINT, channel._stop)
        return channel

    def write(self, line: bytes) -> None:
        """Send a line; a client that is gone ends the channel."""
        try:
            with self._writing:
                self._target.write(line)
                self._target.flush()
        except (OSError, ValueError):
            self.end()

    def end(self) -> None:
        """Take no more lines, and see to it that the process ends soon, whatever still runs."""
        if not self._ended.is_set():
            self._ended.set()
            self.lines.put(None)
            threading.Thread(target=self._exit_soon, name="end", daemon=True).start()

    def leave(self) -> NoReturn:
        """End the process at once; taking the libraries apart would take longer than a client waits."""
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(self.status)

    def _read(self) -> None:
        try:
            for line in self._source:
                self.lines.put(line)
        except (OSError, ValueError):
            pass
        self.end()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.status = INTERRUPTED if number == signal.SIGINT else 0
        self.end()

    def _exit_soon(self) -> None:
        time.sleep(GRACE)
        self.leave()
