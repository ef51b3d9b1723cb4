"""The contract of negative miners."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import ClassVar

import numpy as np

from simsearch.near_duplicates import normalise
from simsearch.testing.contract import Contract, demand, unless_refused
from simsearch.testing.examples import PairsExample, PieceCounter, example_pairs
from simsearch.types import (
    MiningData,
    NegativeMiner,
    Pair,
    Role,
    Rows,
    Scores,
    TokenCounter,
    Truncation,
    Vectors,
)


class NegativeMinerContract(Contract[NegativeMiner, PairsExample]):
    """A negative miner gives texts for each pair, and never a positive of the same anchor."""

    kind: ClassVar[str] = "negative_miners"

    def examples(self) -> Iterable[PairsExample]:
        return [
            PairsExample(_with_shared_anchors(seed, count), seed, refusable=count < 50)
            for seed, count in enumerate((0, 1, 2, 9, 60, 200))
        ]

    def test_every_pair_gets_texts_or_none(self) -> None:
        for example in self.examples():
            found = self._mine(example)
            if found is None:
                continue
            demand(len(found) == len(example.pairs), f"{example}: gave negatives for {len(found)} of them")
            for texts in found:
                demand(not isinstance(texts, str), "gave a text instead of a list of texts")
                whole = all(isinstance(text, str) and text.strip() for text in texts)
                demand(whole, f"gave {texts!r} instead of texts")
                demand(len(set(texts)) == len(texts), f"gave a text twice for one pair: {texts!r}")

    def test_no_positive_of_the_anchor_is_a_negative(self) -> None:
        for example in self.examples():
            answers: dict[str, set[str]] = defaultdict(set)
            for pair in example.pairs:
                answers[normalise(pair.anchor)] |= {normalise(pair.positive), normalise(pair.anchor)}
            for pair, texts in zip(example.pairs, self._mine(example) or (), strict=False):
                for text in texts:
                    right = normalise(text) in answers[normalise(pair.anchor)]
                    demand(not right, f"'{text[:40]}' is a positive of its anchor, or the anchor itself")

    def test_one_seed_gives_one_answer(self) -> None:
        for example in self.examples():
            same = self._mine(example) == self._mine(example)
            demand(same, f"{example} gave different negatives the second time")

    def test_pairs_are_left_as_they_were(self) -> None:
        for example in self.examples():
            before = deepcopy(example.pairs)
            self._mine(example)
            demand(example.pairs == before, f"the pairs themselves were changed, given {example}")

    def _mine(self, example: PairsExample) -> list[tuple[str, ...]] | None:
        data = MiningData(HashingEmbedder(), lambda name: HashingEmbedder(name), _search)

        def mine() -> list[tuple[str, ...]]:
            found = self.component(list(example.pairs), data, example.generator())
            return [texts if isinstance(texts, str) else tuple(texts) for texts in found]  # type: ignore[misc]

        return unless_refused(example.refusable, mine)


class HashingEmbedder:
    """An embedder without a model: each word is a direction, computed from its hash."""

    def __init__(self, name: str = "hashing") -> None:
        self.name = self.fingerprint = name
        self.dimension = 32
        self.tokens: TokenCounter = PieceCounter(256)
        self.truncation = Truncation()

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        vectors = np.array([self._vector(text) for text in texts], np.float32).reshape(-1, self.dimension)
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)

    def _vector(self, text: str) -> Vectors:
        digests = [
            hashlib.sha256(f"{self.name}{word}".encode()).digest() for word in text.lower().split() or [""]
        ]
        numbers = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, self.dimension).astype(np.float32)
        total: Vectors = (numbers - np.float32(127.5)).sum(axis=0)
        return total


def _search(documents: Vectors, queries: Vectors, k: int) -> tuple[Scores, Rows]:
    scores = queries @ documents.T
    rows = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, rows, axis=1), rows


def _with_shared_anchors(seed: int, count: int) -> tuple[Pair, ...]:
    """Pairs without negatives; some share their anchor, also in another case."""
    pairs = [replace(pair, negatives=()) for pair in example_pairs(seed, count)]
    for row in range(3, len(pairs), 4):
        pairs[row] = replace(pairs[row], anchor=pairs[row - 1].anchor.upper())
    return tuple(pairs)
