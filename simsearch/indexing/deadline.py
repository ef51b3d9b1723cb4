"""The time by which a run stops by itself."""

from __future__ import annotations

import time


class Deadline:
    """A moment on the clock.

    Args:
        seconds: From now; None means never.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._at = None if seconds is None else time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        return self._at is not None and time.monotonic() >= self._at
