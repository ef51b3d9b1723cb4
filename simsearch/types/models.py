"""Embedders: texts to vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from simsearch.types.arrays import Vectors
from simsearch.types.documents import TokenCounter

Role = Literal["query", "document"]
"""The role of a text: models with prompts embed questions and documents differently."""


@dataclass(frozen=True, slots=True)
class Truncation:
    """What an embedder could not read: how many texts were truncated, and how many tokens were lost."""

    texts: int = 0
    tokens: int = 0

    def __add__(self, other: Truncation) -> Truncation:
        return Truncation(self.texts + other.texts, self.tokens + other.tokens)


class Embedder(Protocol):
    """Texts to unit vectors."""

    @property
    def name(self) -> str:
        """The name that the user knows the model by."""

    @property
    def fingerprint(self) -> str:
        """sha256 over everything that decides a vector (weights, tokenizer, pooling, prompts). Vectors with equal
        fingerprints are comparable."""

    @property
    def dimension(self) -> int:
        """d, the length of a vector."""

    @property
    def tokens(self) -> TokenCounter:
        """Counts tokens as this model reads documents."""

    @property
    def truncation(self) -> Truncation:
        """What was truncated since the embedder was loaded."""

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order."""
