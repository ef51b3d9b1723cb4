"""The model of an index run, known by its fingerprint before it is loaded, if it ever is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from simsearch.types import Embedder, TokenCounter, Vectors


class Model:
    """A model that is loaded when something must be cut or embedded.

    Args:
        name: What the user calls it.
        fingerprint: Finds its fingerprint without loading it; None where only loading tells.
        load: Loads it.
        find_transfer: Given name and fingerprint of another model, finds what makes this model's vectors of documents
            from the other's; None if only embedding does.
    """

    def __init__(
        self,
        name: str,
        fingerprint: Callable[[], str | None],
        load: Callable[[], Embedder],
        find_transfer: Callable[[str, str], Callable[[Vectors], Vectors] | None] = lambda name, fingerprint: (
            None
        ),
    ) -> None:
        self.name = name
        self._find_fingerprint = fingerprint
        self._load = load
        self.find_transfer = find_transfer
        self._loaded: Embedder | None = None
        self._loading = threading.Lock()

    @property
    def fingerprint(self) -> str:
        found = None if self._loaded else self._find_fingerprint()
        return found or self.embedder.fingerprint

    @property
    def embedder(self) -> Embedder:
        """The model at work, loaded at first use, by whichever thread comes first."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
        return self._loaded


class Tokens:
    """The model's TokenCounter, which loads the model when it is first asked."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def limit(self) -> int:
        return self._counter.limit

    def count(self, texts: Sequence[str]) -> list[int]:
        return self._counter.count(texts)

    def spans(self, text: str) -> list[tuple[int, int]]:
        return self._counter.spans(text)

    @property
    def _counter(self) -> TokenCounter:
        return self._model.embedder.tokens
