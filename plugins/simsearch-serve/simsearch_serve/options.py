"""How a server is run: what the command line asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from simsearch import InputError


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may ask for, and how much at once.

    Args:
        body: Bytes of a request's body.
        query: Characters of a question.
        k: Results of a question.
        waiting: Requests that are answered or wait, of all clients.
        waiting_each: The same, of one client address.
        seconds: Time for an answer.
        seconds_to_send: Time that a client has to send its request.
    """

    body: int = 4_000_000
    query: int = 4_000
    k: int = 1_000
    waiting: int = 128
    waiting_each: int = 64
    seconds: float = 30.0
    seconds_to_send: float = 10.0


def parse_limits(given: Sequence[str]) -> Limits:
    """Limits from texts such as `k=100`; what is not named is as it is by default.

    Raises:
        InputError: There is no such limit, or its value is not a number above 0.
    """
    kinds = get_type_hints(Limits)
    values: dict[str, Any] = {}
    for name, _, text in (limit.partition("=") for limit in given):
        if name not in kinds:
            raise InputError(f"There is no limit '{name}'. The limits are: {', '.join(kinds)}.")
        try:
            values[name] = kinds[name](text)
        except ValueError:
            values[name] = 0
        if not 0 < values[name] < math.inf:
            raise InputError(f"The limit {name} must be a number above 0, not '{text}'.")
    return Limits(**values)


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How a server is run.

    Args:
        folder: The folder that holds .simsearch/.
        host: The address to listen on.
        port: The port; 0 takes a free one.
        names: Other names by which clients reach this server, as in the Host header.
        token: What a client must know; empty if nothing is needed.
        writable: Whether clients may judge and index.
        rerankers: Component strings of rerankers that clients may ask for.
        metrics: Where the processes of this server keep their metrics; None if there is one process.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 8756
    names: tuple[str, ...] = ()
    token: str = field(default="", repr=False)
    writable: bool = False
    rerankers: tuple[str, ...] = ()
    metrics: Path | None = None
    limits: Limits = field(default_factory=Limits)
