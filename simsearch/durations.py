"""Durations as people write them (`90s`, `10m`, `1h`) and as they read them (`18 minutes`)."""

from __future__ import annotations

import re

from simsearch.errors import InputError
from simsearch.wording import counted

_SECONDS = {"s": 1, "m": 60, "h": 3600}


def parse_duration(text: str, option: str) -> float:
    """`90s`, `10m` or `1h` (or a bare number of seconds) in seconds.

    Args:
        option: Where it was given, for the error.

    Raises:
        InputError: It is not a duration.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip().lower())
    if not found or float(found[1]) == 0:
        raise InputError(f"{option} {text} is not a valid duration; write it as 90s, 10m or 1h.")
    return float(found[1]) * _SECONDS[found[2] or "s"]


def in_words(seconds: float) -> str:
    """A time to wait, as `18 minutes`."""
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds >= 1.5 * length:
            return f"{round(seconds / length)} {unit}s"
    return counted(max(1, round(seconds)), "second", "seconds")
