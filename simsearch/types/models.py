"""What a model is to everything else: texts to vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from simsearch.types.arrays import Vectors
from simsearch.types.documents import TokenCounter

Role = Literal["query", "document"]
"""What a text is to the model: models with prompts embed questions and documents differently."""


@dataclass(frozen=True, slots=True)
class Truncation:
    """What an embedder could not read: how many texts were cut, and how many tokens were lost by it."""

    texts: int = 0
    tokens: int = 0

    def __add__(self, other: Truncation) -> Truncation:
        return Truncation(self.texts + other.texts, self.tokens + other.tokens)


class Embedder(Protocol):
    """Texts to unit vectors."""

    @property
    def name(self) -> str:
        """What the user calls the model."""

    @property
    def fingerprint(self) -> str:
        """sha256 over all that decides a vector (weights, tokenizer, pooling, prompts): equal
        fingerprints give comparable vectors."""

    @property
    def dimension(self) -> int:
        """d, the length of a vector."""

    @property
    def tokens(self) -> TokenCounter:
        """Counts text as this model reads documents."""

    @property
    def truncation(self) -> Truncation:
        """What has been cut since the embedder was loaded."""

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order."""
