"""Questions that nobody judged, which a teaching has to leave alone: headings of the index, and logged questions."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsearch.judgements.questions import AskedQuestion
from simsearch.near_duplicates import normalise
from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.evaluate import rank_documents
from simsearch.querying.ranking import FUSED_DEPTH
from simsearch.querying.searcher import Searcher
from simsearch.storage.capabilities import Samples
from simsearch.storage.protocols import ChunkRecord, Snapshot

MOST = 40
"""How many of each sort are asked."""
RANKS = 10
WORDS = 12
"""Of a text without a heading, its first words."""


@dataclass(frozen=True, slots=True)
class OtherQuestion:
    """A question and the document that answers it: the heading's own, or the first hit of a logged question."""

    text: str
    document: str


def sample_others(
    searcher: Searcher, asked: Sequence[AskedQuestion], judged: Collection[str]
) -> list[OtherQuestion]:
    """Headings from all over the index, and the latest questions of the log.

    Args:
        judged: The texts of judged questions, which are left out.
    """
    known = set(map(normalise, judged))
    logged = {normalise(question.question): question.question for question in reversed(asked)}
    texts = [text for key, text in logged.items() if key not in known][:MOST]
    ranker = BatchRanker(searcher, texts, FUSED_DEPTH)
    first = [rank_documents(searcher.snapshot, ranker.rank(text))[:1] for text in texts]
    others = [OtherQuestion(text, *found) for text, found in zip(texts, first, strict=True) if found]
    return others + [
        other for other in _headings(searcher.snapshot) if normalise(other.text) not in known | set(logged)
    ]


def value_others(others: Sequence[OtherQuestion], searcher: Searcher) -> NDArray[np.float64]:
    """How high each question finds its document: 1 at rank 1, falling as in nDCG, 0 below rank 10; float64 [n]."""
    ranker = BatchRanker(searcher, [other.text for other in others], FUSED_DEPTH)
    return np.array(
        [_value(rank_documents(searcher.snapshot, ranker.rank(o.text)), o.document) for o in others]
    )


def _headings(snapshot: Snapshot) -> list[OtherQuestion]:
    records = snapshot.sample(MOST) if isinstance(snapshot, Samples) else []
    texts = {_opening(record): record.id for record in records}
    return [OtherQuestion(text, id) for text, id in texts.items() if text]


def _opening(record: ChunkRecord) -> str:
    """The heading that is nearest to a text, or its first words."""
    heading = (record.prefix or record.title).strip().splitlines()[-1:]
    return (heading[0].rpartition(" > ")[2] if heading else "") or " ".join(record.text.split()[:WORDS])


def _value(documents: Sequence[str], document: str) -> float:
    return 1 / math.log2(documents.index(document) + 2) if document in documents[:RANKS] else 0.0
