"""Questions that nobody judged, which a teaching has to leave alone: headings of the index, and logged questions."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsearch.judgements.candidates import (
    Candidates,
    add_judged,
    add_nearest,
    find_candidates,
    score_candidates,
)
from simsearch.judgements.questions import AskedQuestion
from simsearch.near_duplicates import normalise
from simsearch.querying.memory import Boosts
from simsearch.querying.searcher import Searcher
from simsearch.querying.teaching import Teaching
from simsearch.storage.capabilities import Samples
from simsearch.storage.protocols import ChunkRecord, Snapshot
from simsearch.types import Vectors

MOST = 40
"""How many of each sort are asked."""
RANKS = 10
WORDS = 12
"""Of a text without a heading, its first words."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class OtherQuestions:
    """Questions and the document that answers each: the heading's own, or the first that a logged question finds.

    Args:
        vectors: float32 [n, d], unit length.
        before: The value of each answer without any teaching, float64 [n].
    """

    texts: Sequence[str]
    documents: Sequence[str]
    vectors: Vectors
    candidates: Sequence[Candidates]
    before: Numbers

    def values_after(self, teaching: Teaching, chunks: Mapping[str, int], snapshot: Snapshot) -> Numbers:
        """The value of each answer with a teaching: 1 at rank 1, falling as in nDCG, 0 below rank 10; float64 [n].

        Args:
            chunks: A chunk of each judged document, by id.
        """
        vectors = teaching.apply(self.vectors)
        boosts = [teaching.find_boosts(text, vectors[row : row + 1]) for row, text in enumerate(self.texts)]
        candidates = (
            add_nearest(self.candidates, vectors, snapshot) if teaching.linear_map else self.candidates
        )
        candidates = add_judged(candidates, boosts, chunks, snapshot)
        ranked = _rank(candidates, vectors, boosts, snapshot)
        return np.array([_value(*one) for one in zip(ranked, self.documents, strict=True)])


def ask_others(searcher: Searcher, asked: Sequence[AskedQuestion], judged: Collection[str]) -> OtherQuestions:
    """Ask headings from all over the index, and the latest questions of the log.

    Args:
        searcher: Knows nothing of any teaching.
        judged: The texts of judged questions, which are left out.
    """
    known = set(map(normalise, judged))
    logged = {normalise(question.question): question.question for question in reversed(asked)}
    answers: dict[str, str | None] = {text: None for key, text in logged.items() if key not in known}
    answers = dict(list(answers.items())[:MOST])
    headings = _headings(searcher.snapshot).items()
    answers |= {text: id for text, id in headings if normalise(text) not in known | set(logged)}
    texts = list(answers)
    vectors = searcher.embed(texts) if texts else np.empty((0, 0), np.float32)
    candidates = find_candidates(texts, vectors, searcher)
    ranked = _rank(candidates, vectors, [{}] * len(texts), searcher.snapshot)
    documents = [answers[text] or next(iter(found), "") for text, found in zip(texts, ranked, strict=True)]
    before = np.array([_value(*one) for one in zip(ranked, documents, strict=True)])
    return OtherQuestions(texts, documents, vectors, candidates, before)


def _rank(
    candidates: Sequence[Candidates], vectors: Vectors, boosts: Sequence[Boosts], snapshot: Snapshot
) -> list[list[str]]:
    """The documents that each question finds, best first."""
    cosines = [
        score_candidates(one, vectors[row : row + 1], snapshot)[0] for row, one in enumerate(candidates)
    ]
    return [list(one.rank(near, said)) for one, near, said in zip(candidates, cosines, boosts, strict=True)]


def _headings(snapshot: Snapshot) -> dict[str, str]:
    """Headings, each with the id of its document."""
    records = snapshot.sample(MOST) if isinstance(snapshot, Samples) else []
    texts = {_opening(record): record.id for record in records}
    return {text: id for text, id in texts.items() if text}


def _opening(record: ChunkRecord) -> str:
    """The heading that is nearest to a text, or its first words."""
    heading = (record.prefix or record.title).strip().splitlines()[-1:]
    return (heading[0].rpartition(" > ")[2] if heading else "") or " ".join(record.text.split()[:WORDS])


def _value(documents: Sequence[str], document: str) -> float:
    return 1 / math.log2(documents.index(document) + 2) if document in documents[:RANKS] else 0.0
