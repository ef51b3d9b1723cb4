"""One embedder for several threads: texts that arrive while it is busy are embedded together, in its next call."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from simsearch.types import Embedder, Role, TokenCounter, Truncation, Vectors

AT_ONCE = 32
"""Texts in one call: a long list leaves room for the questions of others after each call."""


@dataclass(eq=False)
class _Waiting:
    """Texts that a thread waits for, and what became of them."""

    texts: Sequence[str]
    role: Role
    vectors: Vectors | None = None
    truncation: Truncation = field(default_factory=Truncation)
    error: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.vectors is not None or self.error is not None


class SharedEmbedder:
    """Another embedder, which any number of threads may use at the same time. Each has a `truncation` of its own."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._waiting: list[_Waiting] = []
        self._queue, self._busy = threading.Lock(), threading.Lock()
        self._own = threading.local()
        self.name = embedder.name
        self.fingerprint = embedder.fingerprint
        self.dimension = embedder.dimension
        self.tokens: TokenCounter = embedder.tokens

    @property
    def truncation(self) -> Truncation:
        """What was truncated of the texts of the calling thread."""
        found: Truncation = getattr(self._own, "truncation", Truncation())
        return found

    @property
    def waiting(self) -> int:
        """How many calls wait for the one that is running."""
        return len(self._waiting)

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order."""
        parts = [self._wait_for(texts[i : i + AT_ONCE], role) for i in range(0, len(texts), AT_ONCE)]
        return np.concatenate(parts) if parts else np.empty((0, self.dimension), np.float32)

    def _wait_for(self, texts: Sequence[str], role: Role) -> Vectors:
        own = _Waiting(texts, role)
        with self._queue:
            self._waiting.append(own)
        while not own.done:
            with self._busy:
                if not own.done:  # else the thread that was busy before embedded them too
                    self._embed_next()
        if own.error:
            raise own.error
        assert own.vectors is not None
        self._own.truncation = self.truncation + own.truncation
        return own.vectors

    def _embed_next(self) -> None:
        """Embed what has waited longest, with what else waits for the same role."""
        chosen = self._take_waiting()
        try:
            self._embed(chosen)
        except BaseException as error:
            for waiting in chosen:
                waiting.error = error
            if not isinstance(error, Exception):
                raise

    def _take_waiting(self) -> list[_Waiting]:
        with self._queue:
            chosen: list[_Waiting] = []
            for waiting in self._waiting:
                size = sum(len(other.texts) for other in chosen) + len(waiting.texts)
                if not chosen or (waiting.role == chosen[0].role and size <= AT_ONCE):
                    chosen.append(waiting)
            self._waiting = [waiting for waiting in self._waiting if waiting not in chosen]
        return chosen

    def _embed(self, chosen: Sequence[_Waiting]) -> None:
        before = self._embedder.truncation
        vectors = self._embedder.encode(
            [text for waiting in chosen for text in waiting.texts], chosen[0].role
        )
        truncated = self._embedder.truncation != before
        begin = 0
        for waiting in chosen:
            if truncated:
                waiting.truncation = self._count_truncated(waiting.texts)
            waiting.vectors = vectors[begin : begin + len(waiting.texts)]
            begin += len(waiting.texts)

    def _count_truncated(self, texts: Sequence[str]) -> Truncation:
        lost = [count - self.tokens.limit for count in self.tokens.count(texts)]
        beyond = [tokens for tokens in lost if tokens > 0]
        return Truncation(len(beyond), sum(beyond))
