"""What a plugin declares, and what is said while it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Component:
    """One thing a plugin offers, declared without importing anything heavy.

    Args:
        name: What users write, in lower case with hyphens: `by-author`.
        summary: One line for `simsearch plugins`.
        build: Makes the working object from the arguments of a component string
            (`by-author:field=name,dev=0.1`); heavy imports belong inside it. Its signature is the
            documentation: names, types and defaults are checked and shown.
        accepts: What it takes. Losses: kinds of data (see `DataKind`). Score generators: `negatives`, where they
            read both texts, so that what they say of a negative can be compared with what they say of a positive.
            Readers and pair readers: file name endings in lower case (`.md`), or `*` for any file that no other
            reader takes. Empty for all other hooks.
    """

    name: str
    summary: str
    build: Callable[..., Any]
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know now; a warning when `warning` is set."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task has come: `done` of `total` units (total is None while unknown)."""

    task: str
    done: int
    total: int | None = None
    detail: str = ""


Event = Notice | Progress
Observer = Callable[[Event], None]
