"""Texts to unit vectors by looking up: numpy and a tokenizer, nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from simsearch import Truncation
from simsearch.embedding.tokens import Counter, Tokenizer
from simsearch.types import Role, TokenCounter, Vectors
from simsearch_static.places import FACTS, TOKENIZER, VECTORS

BLOCK = 256


class StaticEmbedder:
    """The table in a folder of table.safetensors, tokenizer.json and table.json.

    Args:
        name: What the user calls the model.
    """

    def __init__(self, name: str, folder: Path) -> None:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        self.name = name
        self.fingerprint: str = facts["fingerprint"]
        self.tokens: TokenCounter = Counter(folder / TOKENIZER, facts["longest"])
        self.truncation = Truncation()
        self._tokenizer = Tokenizer(folder / TOKENIZER, facts["longest"])
        self._unknown: int = facts["unknown"]
        self._table: NDArray[np.float16] = load_file(folder / VECTORS)["table"]
        self.dimension = self._table.shape[1]

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order; questions and documents are read alike."""
        blocks = [self._means(texts[start : start + BLOCK]) for start in range(0, len(texts), BLOCK)]
        return np.concatenate(blocks) if blocks else np.empty((0, self.dimension), dtype=np.float32)

    def _means(self, texts: Sequence[str]) -> Vectors:
        tokenised = self._tokenizer.rows(texts)
        self.truncation += tokenised.truncation
        # a text of unknown words, or of none, is embedded as the unknown word
        rows = [[i for i in row if i != self._unknown] or [self._unknown] for row in tokenised.rows]
        starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        sums = np.add.reduceat(self._table[np.concatenate(rows)].astype(np.float32), starts, axis=0)
        vectors: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return vectors
