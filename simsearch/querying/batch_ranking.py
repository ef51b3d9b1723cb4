"""Rank many questions on one snapshot: all are embedded at once, and each is searched for once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from simsearch.querying.ranking import Question, Ranking, fuse_again, rank
from simsearch.querying.reranking import RERANKED
from simsearch.querying.searcher import Searcher
from simsearch.querying.step_times import Stopwatch
from simsearch.types import Vectors
from simsearch.utf8 import storable


class BatchRanker:
    """Ranks chunks for questions as a searcher would, for evaluation.

    Args:
        texts: The questions that will be ranked.
        depth: How many chunks are ranked for each, at least.
    """

    def __init__(self, searcher: Searcher, texts: Sequence[str], depth: int) -> None:
        self._searcher = searcher
        self._depth = depth
        self._vectors = _embed(searcher, texts)
        self.ranking = cache(self._rank_once)

    def rank(self, text: str) -> list[int]:
        """Chunk numbers for one of the questions, best first, as `Searcher.ask` ranks them."""
        watch = Stopwatch()
        question = self._prepare(text, watch)
        # What both lists have only further down takes part in a deeper ranking, so that it would begin in another way.
        first = rank(question, self._searcher.snapshot, self._searcher.first_depth, watch)
        best = self._searcher.rerank(question, first, max(RERANKED, self._searcher.settings.k), watch)
        return list(dict.fromkeys([*best.scores, *first.scores, *self.ranking(text).scores]))

    def rank_with_weight(self, text: str, weight: float) -> list[int]:
        """Chunk numbers for one of the questions with another dense weight."""
        return list(fuse_again(self.ranking(text), weight).scores)

    def _rank_once(self, text: str) -> Ranking:
        watch = Stopwatch()
        return rank(self._prepare(text, watch), self._searcher.snapshot, self._depth, watch)

    def _prepare(self, text: str, watch: Stopwatch) -> Question:
        return self._searcher.prepare(storable(text), self._vectors.get(text), watch)


def _embed(searcher: Searcher, texts: Sequence[str]) -> dict[str, Vectors]:
    """float32 [1, d] by text; empty where only words rank."""
    if not searcher.needs_vector:
        return {}
    rows = searcher.embed(texts)
    return {text: rows[i : i + 1] for i, text in enumerate(texts)}
