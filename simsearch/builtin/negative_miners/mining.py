"""The miner `mined`: other positives that a model finds near, but not too near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch import MiningData, Pair
from simsearch.grouping import answers_of
from simsearch.near_duplicates import normalise

if TYPE_CHECKING:
    import numpy as np

    from simsearch.types import Embedder, NegativeMiner, Rows, Scores, Vectors

ANCHORS_AT_ONCE = 1024


def make_miner(count: int, nearest: int, farthest: int, margin: float, teacher: str) -> NegativeMiner:
    """The miner; arguments as of the component `mined`."""

    def mine(pairs: Sequence[Pair], data: MiningData, random: np.random.Generator) -> list[tuple[str, ...]]:
        texts = Texts.of(pairs)
        ranked = Vectored.by(data.embedder, texts)
        scored = Vectored.by(data.load(teacher), texts) if teacher else ranked
        found: list[tuple[str, ...]] = [()] * len(pairs)
        for anchor, near in _near(texts, ranked, data, farthest):
            scores = scored.scores(anchor, near[nearest - 1 :])
            for row, positive in texts.rows[anchor]:
                most = margin * scored.scores(anchor, [positive])[0]
                kept = [
                    texts.positives[i]
                    for i, score in zip(near[nearest - 1 :], scores, strict=True)
                    if score <= most
                ]
                found[row] = tuple(kept[:count])
        return found

    return mine


@dataclass(frozen=True, slots=True)
class Texts:
    """The distinct texts of some pairs.

    Args:
        rows: For each anchor its pairs: the row of the pair, and the number of its positive.
        own: For each anchor the numbers of the positives that can't be its negatives (see `answers_of`).
    """

    anchors: list[str]
    positives: list[str]
    rows: list[list[tuple[int, int]]]
    own: list[set[int]]

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> Texts:
        anchors: dict[str, str] = {}
        positives: dict[str, str] = {}
        for pair in pairs:
            anchors.setdefault(normalise(pair.anchor), pair.anchor)
            positives.setdefault(normalise(pair.positive), pair.positive)
        numbers = {text: number for number, text in enumerate(positives)}
        rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, pair in enumerate(pairs):
            rows[normalise(pair.anchor)].append((row, numbers[normalise(pair.positive)]))
        answers = answers_of(pairs)
        return cls(
            list(anchors.values()),
            list(positives.values()),
            [rows[anchor] for anchor in anchors],
            [{numbers[text] for text in answers[anchor] if text in numbers} for anchor in anchors],
        )


@dataclass(frozen=True, slots=True)
class Vectored:
    """A model's vectors of some texts, float32 [anchors, d] and [positives, d]."""

    anchors: Vectors
    positives: Vectors

    @classmethod
    def by(cls, embedder: Embedder, texts: Texts) -> Vectored:
        return cls(embedder.encode(texts.anchors, "query"), embedder.encode(texts.positives, "document"))

    def scores(self, anchor: int, positives: Sequence[int]) -> Scores:
        """Cosines of an anchor with some positives, float32 [n]."""
        scores: Scores = self.positives[list(positives)] @ self.anchors[anchor]
        return scores


def _near(
    texts: Texts, vectors: Vectored, data: MiningData, farthest: int
) -> Iterator[tuple[int, list[int]]]:
    """For each anchor the numbers of the texts nearest to it that are not its own, nearest first."""
    for start in range(0, len(texts.anchors), ANCHORS_AT_ONCE):
        own = texts.own[start : start + ANCHORS_AT_ONCE]
        depth = min(farthest + max(map(len, own)), len(texts.positives))
        rows: Rows
        _, rows = data.search(vectors.positives, vectors.anchors[start : start + ANCHORS_AT_ONCE], depth)
        for anchor, (nearest, mine) in enumerate(zip(rows.tolist(), own, strict=True), start):
            yield anchor, [row for row in nearest if row not in mine][:farthest]
