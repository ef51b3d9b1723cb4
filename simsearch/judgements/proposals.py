"""Questions that are worth judging: without a good match, with close calls, and frequent ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simsearch.judgements.questions import AskedQuestion
from simsearch.near_duplicates import normalise
from simsearch.types import Judgement

CLOSE = 0.02
"""A close call: the second hit's score is lower by less than this share of the first one's."""

FREQUENT = 2


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question to judge.

    Args:
        question: As it was asked last.
        asked: How often.
        reasons: Why it is worth judging.
        path: The document shown first the last time; empty if there was none.
    """

    question: str
    asked: int
    reasons: tuple[str, ...]
    path: str


def propose_questions(asked: Sequence[AskedQuestion], judgements: Iterable[Judgement]) -> list[Proposal]:
    """Questions that nobody has judged, those with most reasons and most often asked first."""
    judged = {normalise(judgement.question) for judgement in judgements}
    by_question: dict[str, list[AskedQuestion]] = defaultdict(list)
    for question in asked:
        by_question[normalise(question.question)].append(question)
    proposals = [_propose(times) for key, times in by_question.items() if key not in judged]
    return sorted(
        (proposal for proposal in proposals if proposal.reasons),
        key=lambda proposal: (-len(proposal.reasons), -proposal.asked, proposal.question),
    )


def _propose(times: Sequence[AskedQuestion]) -> Proposal:
    last = times[-1]
    reasons = []
    if last.good_match is False:
        reasons.append("no good match")
    if len(last.hits) > 1 and last.hits[0].score - last.hits[1].score < CLOSE * abs(last.hits[0].score):
        reasons.append("close call")
    if len(times) >= FREQUENT:
        reasons.append(f"asked {len(times)} times")
    return Proposal(last.question, len(times), tuple(reasons), last.hits[0].path if last.hits else "")
