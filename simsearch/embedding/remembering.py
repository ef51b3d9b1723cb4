"""An embedder that remembers its vectors, for a command that embeds the same texts several times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsearch.types import Embedder, Role, TokenCounter, Truncation, Vectors

LARGEST = 256_000_000
"""Bytes of vectors that are remembered; what is beyond is embedded again each time."""


class RememberingEmbedder:
    """Another embedder, which sees each text once in each role."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[tuple[Role, str], Vectors] = {}
        self.name = embedder.name
        self.fingerprint = embedder.fingerprint
        self.dimension = embedder.dimension
        self.tokens: TokenCounter = embedder.tokens

    @property
    def truncation(self) -> Truncation:
        return self._embedder.truncation

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order."""
        new = [text for text in dict.fromkeys(texts) if (role, text) not in self._vectors]
        found = dict(zip(new, self._embedder.encode(new, role), strict=True)) if new else {}
        room = LARGEST // (4 * self.dimension) - len(self._vectors)
        self._vectors.update({(role, text): found[text] for text in new[: max(room, 0)]})
        rows = [found[text] if text in found else self._vectors[role, text] for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimension), np.float32)
