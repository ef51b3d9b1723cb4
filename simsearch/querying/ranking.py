"""Rank chunks for one question on one snapshot: by vectors, by words, or by both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from simsearch.querying.dense_weight import DenseWeight
from simsearch.querying.fusion import fuse, fuse_ranks
from simsearch.querying.memory import Boosts, change_cosines, documents_of, find_judged, obey
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
        boosts: What judged questions say of documents.
    """

    text: str
    vector: Vectors | None
    mode: Mode
    fusion: Fusion
    weight: DenseWeight
    chunks: int
    condition: Condition | None = None
    allowed: int | None = None
    boosts: Boosts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranked chunks, and what ranked them.

    Args:
        scores: By chunk, best first.
        parts: The scores of each part (dense, lexical) for all chunks that any part has among its best, and what judged
            questions add to cosines (judged).
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
        ranking = _rank_by_both(question, snapshot, max(depth, FUSED_DEPTH), watch)
    else:
        ranking = _rank_by_one(question, snapshot, depth, watch)
    return replace(ranking, scores=obey(ranking.scores, question.boosts, snapshot))


def fuse_again(ranking: Ranking, weight: float) -> Ranking:
    """A fused ranking as it would be with another dense weight."""
    fused = fuse(_cosines(ranking.parts), ranking.parts["lexical"], weight, ranking.chunks)
    return replace(ranking, scores=dict(fused))


def _rank_by_one(question: Question, snapshot: Snapshot, depth: int, watch: Stopwatch) -> Ranking:
    with watch.step(question.mode):
        found = _by_chunk(_searches(question, snapshot)[question.mode](depth))
    parts = {question.mode: found, **_judged_part(question, snapshot, found)}
    scores = _best_first(_cosines(parts)) if question.mode == "dense" else found
    return Ranking(scores, parts, {question.mode: tuple(found)}, len(found) < depth, question.chunks)


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
        parts |= _judged_part(question, snapshot, parts["dense"])
        ranks = {name: tuple(found.chunks.tolist()) for name, found in best.items()}
        if question.fusion == "rrf":
            fused = fuse_ranks((_order(ranks["dense"], _cosines(parts)), ranks["lexical"]))
        else:
            fused = fuse(_cosines(parts), parts["lexical"], question.weight.value, question.chunks)
    exhausted = all(len(chunks) < depth for chunks in ranks.values())
    return Ranking(dict(fused), parts, ranks, exhausted, question.chunks)


def _searches(question: Question, snapshot: Snapshot) -> dict[str, Callable[[int], Matches]]:
    """How each part finds its best chunks, by its name."""

    def dense(depth: int) -> Matches:
        assert question.vector is not None
        found = snapshot.search(question.vector, depth, question.condition)[0]
        return find_judged(found, question.vector, question.boosts, snapshot, question.condition)

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


def _judged_part(
    question: Question, snapshot: Snapshot, cosines: Mapping[int, float]
) -> dict[str, dict[int, float]]:
    """What judged questions add to cosines, as a part; none if no judged question is near."""
    if not question.boosts or question.mode == "lexical":
        return {}
    changes = change_cosines(cosines, documents_of(list(cosines), snapshot), question.boosts)
    return {"judged": changes} if changes else {}


def _cosines(parts: Mapping[str, Mapping[int, float]]) -> dict[int, float]:
    """The cosines with what judged questions add to them."""
    added = parts.get("judged", {})
    return {chunk: cosine + added.get(chunk, 0.0) for chunk, cosine in parts["dense"].items()}


def _order(chunks: Sequence[int], scores: Mapping[int, float]) -> list[int]:
    return sorted(chunks, key=lambda chunk: -scores[chunk])


def _best_first(scores: Mapping[int, float]) -> dict[int, float]:
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def _by_chunk(matches: Matches) -> dict[int, float]:
    return dict(zip(matches.chunks.tolist(), matches.scores.tolist(), strict=True))
