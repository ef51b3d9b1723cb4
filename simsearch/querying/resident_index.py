"""The index and its model in the memory of a process that answers for long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from typing import Protocol

from simsearch.embedding.shared import SharedEmbedder
from simsearch.plugins.offers import Built
from simsearch.querying.open_index import OpenIndex
from simsearch.storage.protocols import Identity
from simsearch.types import Embedder, Reranker


class OpensIndex(Protocol):
    def __call__(
        self, load: Callable[[Identity], Embedder], find_reranker: Callable[[str], Built[Reranker]]
    ) -> OpenIndex: ...


class ResidentIndex:
    """Keeps an index open, and opens it again whenever it has changed. Any number of threads may use it: each has a
    snapshot of its own, and all share one model, which embeds together the questions that arrive together.

    Args:
        open_index: Opens the index.
        load_exactly: Loads a model by its name and fingerprint.
        find_reranker: Builds a reranker from its component string.
    """

    def __init__(
        self,
        open_index: OpensIndex,
        load_exactly: Callable[[str, str], Embedder],
        find_reranker: Callable[[str], Built[Reranker]],
    ) -> None:
        self._open_index, self._load_exactly = open_index, load_exactly
        self._find_reranker = cache(find_reranker)
        self._held = threading.local()
        self._loading = threading.Lock()
        self._embedder: SharedEmbedder | None = None

    def open(self) -> OpenIndex:
        """The calling thread's index, as it is now.

        Raises:
            NoIndex: Nothing has been indexed yet.
        """
        held: OpenIndex | None = getattr(self._held, "index", None)
        if held and not held.changed:
            return held
        self._close()
        self._held.index = opened = self._open_index(self.load, self._find_reranker)
        return opened

    def load(self, identity: Identity) -> Embedder:
        """The model of an index: the one in memory, unless the index has another by now."""
        with self._loading:
            if self._embedder is None or self._embedder.fingerprint != identity.fingerprint:
                self._embedder = None  # frees the old one before the new one is loaded
                self._embedder = SharedEmbedder(self._load_exactly(identity.model, identity.fingerprint))
            return self._embedder

    def release(self) -> None:
        """Free the model and the calling thread's snapshot; the next question takes them into memory again."""
        self._close()
        with self._loading:
            self._embedder = None

    def _close(self) -> None:
        held: OpenIndex | None = getattr(self._held, "index", None)
        self._held.index = None
        if held:
            held.close()
