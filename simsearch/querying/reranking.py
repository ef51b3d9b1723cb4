"""Order the best chunks again by a reranker, which reads each together with the question."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simsearch.plugins.offers import Built
from simsearch.querying.ranking import Ranking
from simsearch.storage.document_facts import embedded_text
from simsearch.storage.protocols import Snapshot
from simsearch.types import Reranker, Scores

RERANKED = 50
"""How many of the best chunks are read, at least as many as are shown; more if they are from too few documents."""


def rerank(text: str, ranking: Ranking, snapshot: Snapshot, reranker: Built[Reranker], most: int) -> Ranking:
    """The ranking's best chunks in the reranker's order, at most `most`."""
    best = list(ranking.scores)[:most]
    records = snapshot.chunks(best)
    texts = [embedded_text(record.text, record.prefix) for record in records]
    scores = _score(text, texts, reranker).tolist() if records else []
    given = {record.chunk: score for record, score in zip(records, scores, strict=True)}
    ordered = dict(sorted(given.items(), key=lambda item: -item[1]))
    return replace(
        ranking,
        scores=ordered,
        parts={**ranking.parts, "rerank": ordered},
        ranks={**ranking.ranks, "rerank": tuple(ordered)},
        exhausted=ranking.exhausted and len(best) == len(ranking.scores),
    )


def _score(text: str, texts: list[str], reranker: Built[Reranker]) -> Scores:
    with reranker.guarded():
        scores = np.asarray(reranker.value(text, texts), np.float32)
    if scores.shape != (len(texts),) or not np.isfinite(scores).all():
        raise reranker.blame(
            f"returned scores of shape {scores.shape} for {len(texts)} texts, or values that are not finite"
        )
    return scores
