"""Rank chunks for one question on one snapshot: by vectors, by words, or by both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from simsearch.querying.dense_weight import DenseWeight
from simsearch.querying.fusion import fuse, fuse_ranks
from simsearch.querying.step_times import Stopwatch
from simsearch.settings import Fusion, Mode
from simsearch.storage.conditions import Condition
from simsearch.storage.protocols import Matches, Snapshot
from simsearch.types import Vectors

FUSED_DEPTH = 50
"""How many chunks of each list are fused; more if more are wanted."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text with all that decides its ranking.

    Args:
        vector: float32 [1, d], unit length; None if only words rank.
        weight: The dense weight, used if both lists are fused by score.
        chunks: How many the index has.
        condition: What chunks must meet; None searches all.
        allowed: How many chunks meet it; None without a condition.
    """

    text: str
    vector: Vectors | None
    mode: Mode
    fusion: Fusion
    weight: DenseWeight
    chunks: int
    condition: Condition | None = None
    allowed: int | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranked chunks, and what ranked them.

    Args:
        scores: By chunk, best first.
        parts: The scores of each part (dense, lexical) for all chunks that any part has among its best.
        ranks: Each part's own best chunks, in order.
        exhausted: Whether there are no other chunks.
        chunks: How many the index has.
    """

    scores: Mapping[int, float]
    parts: Mapping[str, Mapping[int, float]]
    ranks: Mapping[str, tuple[int, ...]]
    exhausted: bool
    chunks: int


def rank(question: Question, snapshot: Snapshot, depth: int, watch: Stopwatch) -> Ranking:
    """The best chunks: at least `depth`, if there are as many."""
    if question.mode == "hybrid":
        return _rank_by_both(question, snapshot, max(depth, FUSED_DEPTH), watch)
    with watch.step(question.mode):
        scores = _by_chunk(_searches(question, snapshot)[question.mode](depth))
    return Ranking(
        scores, {question.mode: scores}, {question.mode: tuple(scores)}, len(scores) < depth, question.chunks
    )


def fuse_again(ranking: Ranking, weight: float) -> Ranking:
    """A fused ranking as it would be with another dense weight."""
    fused = fuse(ranking.parts["dense"], ranking.parts["lexical"], weight, ranking.chunks)
    return replace(ranking, scores=dict(fused))


def _rank_by_both(question: Question, snapshot: Snapshot, depth: int, watch: Stopwatch) -> Ranking:
    best: dict[str, Matches] = {}
    for name, search in _searches(question, snapshot).items():
        with watch.step(name):
            best[name] = search(depth)
    with watch.step("fuse"):
        parts = {
            name: _by_chunk(found) | _score_others(name, best, question, snapshot)
            for name, found in best.items()
        }
        ranks = {name: tuple(found.chunks.tolist()) for name, found in best.items()}
        if question.fusion == "rrf":
            fused = fuse_ranks(tuple(ranks.values()))
        else:
            fused = fuse(parts["dense"], parts["lexical"], question.weight.value, question.chunks)
    exhausted = all(len(chunks) < depth for chunks in ranks.values())
    return Ranking(dict(fused), parts, ranks, exhausted, question.chunks)


def _searches(question: Question, snapshot: Snapshot) -> dict[str, Callable[[int], Matches]]:
    """How each part finds its best chunks, by its name."""

    def dense(depth: int) -> Matches:
        assert question.vector is not None
        return snapshot.search(question.vector, depth, question.condition)[0]

    def lexical(depth: int) -> Matches:
        return snapshot.search_words(question.text, depth, question.condition)

    return {"dense": dense, "lexical": lexical}


def _score_others(
    name: str, best: Mapping[str, Matches], question: Question, snapshot: Snapshot
) -> dict[int, float]:
    """A part's scores of the chunks that only the other part has among its best."""
    everything = np.concatenate([found.chunks for found in best.values()])
    others = np.setdiff1d(everything, best[name].chunks)
    if not len(others):
        return {}
    if name == "lexical":
        scores = snapshot.score_words(question.text, others.tolist())
        return _by_chunk(Matches(others[scores > 0], scores[scores > 0]))
    assert question.vector is not None
    scores = snapshot.score(question.vector, others.tolist())[0]
    known = ~np.isnan(scores)  # the others are pending
    return _by_chunk(Matches(others[known], scores[known]))


def _by_chunk(matches: Matches) -> dict[int, float]:
    return dict(zip(matches.chunks.tolist(), matches.scores.tolist(), strict=True))
