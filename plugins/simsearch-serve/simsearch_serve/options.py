"""How a server is run: what the command line asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


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
    """

    body: int = 4_000_000
    query: int = 4_000
    k: int = 1_000
    waiting: int = 128
    waiting_each: int = 64
    seconds: float = 30.0


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
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 8756
    names: tuple[str, ...] = ()
    token: str = field(default="", repr=False)
    writable: bool = False
    rerankers: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
