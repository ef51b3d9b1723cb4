"""What is measured begins with what a query returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.ranking import FUSED_DEPTH
from simsearch.querying.searcher import Searcher
from simsearch.settings import QuerySettings
from simsearch.storage.protocols import Coverage, Matches
from simsearch.testing.stores.examples import MODEL
from simsearch.types import Scores

BOTH = 500
NEAR = [*range(FUSED_DEPTH + 9), BOTH]
"""By vectors; by words, others come before the chunk that both lists have."""


class TwoLists:
    """A snapshot whose two lists share a chunk that neither has among its first."""

    def coverage(self) -> Coverage:
        return Coverage(1000, 1000)

    def search(self, vectors: Any, k: int, condition: object = None) -> list[Matches]:
        return [_matches(NEAR[:k])]

    def search_words(self, text: str, k: int, condition: object = None) -> Matches:
        return _matches([chunk if chunk == BOTH else chunk + 100 for chunk in NEAR[:k]])

    def score(self, vectors: Any, chunks: Sequence[int]) -> Scores:
        return np.zeros((len(vectors), len(chunks)), np.float32)

    def score_words(self, text: str, chunks: Sequence[int]) -> Scores:
        return np.zeros(len(chunks), np.float32)


def _matches(chunks: Sequence[int]) -> Matches:
    return Matches(np.array(chunks, np.int64), np.linspace(1, 0.5, len(chunks), dtype=np.float32))


def test_a_deeper_ranking_begins_with_that_of_a_query() -> None:
    snapshot: Any = TwoLists()
    searcher = Searcher(snapshot, lambda: MODEL, QuerySettings(fusion="rrf"))  # type: ignore[arg-type, return-value]
    ranker = BatchRanker(searcher, ["fox"], 1000)
    assert next(iter(ranker.ranking("fox").scores)) == BOTH
    ranked = ranker.rank("fox")
    assert ranked[:2] == [0, 100] and BOTH in ranked
    assert len(ranked) == len(set(ranked)) == 2 * len(NEAR) - 1
