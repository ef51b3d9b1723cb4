"""What a plugin declares, and the events that simsearch sends while it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

DataKind = Literal["pairs", "triplets", "binary", "graded", "margins"]
"""The kinds of training data: similar pairs; pairs with negatives; pairs scored 0 or 1; pairs scored between 0 and 1;
pairs with negatives in which positives and negatives are scored."""


@dataclass(frozen=True, slots=True)
class Component:
    """One thing that a plugin offers, declared without importing anything heavy.

    Args:
        name: The name that users write, in lower case with hyphens: `by-author`.
        summary: One line for `simsearch plugins`.
        build: Makes the working object from the arguments of a component string (`by-author:field=name,dev=0.1`). Heavy
            imports belong inside it. Its signature and docstring are the documentation: names, types and defaults are
            checked and shown.
        accepts: The data that it can use. Losses: kinds of data (see `DataKind`). Score generators: `negatives`, if
            they read both texts, so that scores of negatives and positives can be compared. Readers and pair readers:
            file name endings in lower case (`.md`), or `*` for any file that no other reader accepts. Empty for all
            other hooks.
    """

    name: str
    summary: str
    build: Callable[..., Any]
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the user should know now; a warning if `warning` is set."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a task: `done` of `total` units (`total` is None while it is unknown)."""

    task: str
    done: int
    total: int | None = None
    detail: str = ""


Event = Notice | Progress
Observer = Callable[[Event], None]
