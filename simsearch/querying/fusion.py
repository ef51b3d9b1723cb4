"""Fuse two rankings into one: by a convex sum of scores (Bruch et al. 2023, arXiv:2210.11934), or by reciprocal ranks
(Cormack et al. 2009). benchmarks/README.md has the table by which the default was chosen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

RANK_OFFSET = 60
"""The constant of reciprocal rank fusion, from the paper."""

MOST_A_WORD_COUNTS = 2.2
"""The limit of a word's BM25 score over its rarity: k1 + 1."""

Fused = list[tuple[int, float]]


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], weight: float, chunks: int) -> Fused:
    """Chunks of either list with weight · dense + (1 - weight) · lexical, best first; equal scores in the order of
    `dense`.

    BM25 is scaled by the mean of its best score and that of a word that only one chunk has. So the best chunk by words
    counts more if its score is high for this index, and less if the question has only words that are everywhere.

    Args:
        dense: Cosines by chunk, unscaled: if all are alike, the words decide. A chunk that is not in it has no vector
            yet; its cosine is estimated from its words.
        lexical: BM25 scores by chunk; a chunk that is not in it has none of the words.
        weight: The weight of the dense score, 0 to 1.
        chunks: How many the index has.
    """
    scale = _scale_of(lexical, chunks)
    cosines = {**dense, **_estimate(dense, lexical)}
    return _best_first(
        {
            chunk: weight * cosine + (1 - weight) * lexical.get(chunk, 0.0) / scale
            for chunk, cosine in cosines.items()
        }
    )


def _estimate(dense: Mapping[int, float], lexical: Mapping[int, float]) -> dict[int, float]:
    """Cosines for chunks that have no vector yet: between the mean of the chunks with some of the words and the
    highest, by how well their words match. So words rank pending chunks above those that were embedded first;
    chosen on the sets of benchmarks/coverage.py."""
    known = [dense[chunk] for chunk in lexical if chunk in dense] or list(dense.values()) or [0.0]
    mean, highest = sum(known) / len(known), max(dense.values(), default=0.0)
    best = max(lexical.values(), default=0.0) or 1.0
    return {
        chunk: mean + (highest - mean) * score / best
        for chunk, score in lexical.items()
        if chunk not in dense
    }


def _scale_of(lexical: Mapping[int, float], chunks: int) -> float:
    rarest = math.log(1 + (max(chunks, 1) - 0.5) / 1.5)
    return (max(lexical.values(), default=0.0) + MOST_A_WORD_COUNTS * rarest) / 2


def fuse_ranks(lists: Sequence[Sequence[int]]) -> Fused:
    """Chunks with the sum of 1 / (60 + rank) over the lists that have them, best first."""
    fused: dict[int, float] = {}
    for chunks in lists:
        for place, chunk in enumerate(chunks, 1):
            fused[chunk] = fused.get(chunk, 0.0) + 1 / (RANK_OFFSET + place)
    return _best_first(fused)


def _best_first(fused: Mapping[int, float]) -> Fused:
    return sorted(fused.items(), key=lambda item: -item[1])
