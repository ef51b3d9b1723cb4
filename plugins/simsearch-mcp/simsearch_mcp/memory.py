"""What a server keeps in memory, and for how long."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from simsearch import SimsearchError
from simsearch.querying.open_index import OpenIndex
from simsearch.querying.resident_index import ResidentIndex

T = TypeVar("T")


class Memory:
    """The index and its model, used by one thread, loaded at once and freed when nobody has asked for a while.

    Args:
        idle: Seconds without a question after which they are freed.
    """

    def __init__(self, resident: ResidentIndex, idle: float) -> None:
        self.resident = resident
        self._idle = idle
        self._thread = ThreadPoolExecutor(1, "simsearch-mcp")
        self._used = time.monotonic()
        self._holds = True
        self._thread.submit(self._load)

    async def run(self, work: Callable[[OpenIndex], T]) -> T:
        """Do something with the index, after all that was asked of it before."""
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: work(self.resident.open())
            )
        finally:
            self._used, self._holds = time.monotonic(), True

    async def run_without_index(self, work: Callable[[], T]) -> T:
        """Do something that may take long, while questions are answered."""
        return await asyncio.to_thread(work)

    async def free_when_idle(self) -> None:
        """Free the memory whenever it is idle; never returns."""
        while True:
            left = self._used + self._idle - time.monotonic()
            if left <= 0 and self._holds:
                self._holds = False
                await asyncio.get_running_loop().run_in_executor(self._thread, self._free)
            await asyncio.sleep(left if left > 0 else self._idle)

    def _load(self) -> None:
        """Load what the first question will need; what is wrong is said when it comes."""
        with suppress(SimsearchError, OSError):
            self.resident.load(self.resident.open().snapshot.identity)

    def _free(self) -> None:
        self.resident.release()
        gc.collect()
        if sys.platform == "linux":  # glibc keeps freed memory for itself
            with suppress(OSError, AttributeError):
                ctypes.CDLL(None).malloc_trim(0)
