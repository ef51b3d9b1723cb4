"""What a component of the hook `simsearch_stores` is given, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from simsearch.settings import LATENCY
from simsearch.storage.protocols import Store
from simsearch.types import Observer


@dataclass(frozen=True, slots=True)
class StoreContext:
    """What a store may use of the workspace whose index it keeps.

    Args:
        folder: The workspace's .simsearch/, which may not exist yet. A store on a server needs nothing in it.
        observe: Receives notices, such as that something derived had to be rebuilt.
        latency: Milliseconds that a search for the nearest chunks may take (the setting index.latency).
    """

    folder: Path
    observe: Observer | None = None
    latency: float = LATENCY


class StoreOpener(Protocol):
    """Opens the store of a workspace; nothing is read, created or connected before the store is used."""

    def __call__(self, context: StoreContext) -> Store: ...
