"""The best chunks put into a new order by a reranker, which reads each together with the question."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simsearch.plugins.offers import Built
from simsearch.querying.ranking import Ranking
from simsearch.storage.protocols import Snapshot
from simsearch.types import Reranker, Scores

RERANKED = 50
"""So many of the best chunks are read, or as many as shall be shown; more where those are of too few documents."""


def rerank(text: str, ranking: Ranking, snapshot: Snapshot, reranker: Built[Reranker], most: int) -> Ranking:
    """The ranking's best chunks, at most so many, in the reranker's order."""
    best = list(ranking.scores)[:most]
    records = snapshot.chunks(best)
    read = [f"{record.prefix}\n{record.text}" if record.prefix else record.text for record in records]
    scores = _scores(text, read, reranker).tolist() if records else []
    given = {record.chunk: score for record, score in zip(records, scores, strict=True)}
    ordered = dict(sorted(given.items(), key=lambda item: -item[1]))
    return replace(
        ranking,
        scores=ordered,
        parts={**ranking.parts, "rerank": ordered},
        ranks={**ranking.ranks, "rerank": tuple(ordered)},
        exhausted=ranking.exhausted and len(best) == len(ranking.scores),
    )


def _scores(text: str, read: list[str], reranker: Built[Reranker]) -> Scores:
    with reranker.guarded():
        scores = np.asarray(reranker.value(text, read), np.float32)
    if scores.shape != (len(read),) or not np.isfinite(scores).all():
        raise reranker.blame(f"gave scores of shape {scores.shape}, or no numbers, for {len(read)} texts")
    return scores
