"""Judgements by question: what teaching learns from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from simsearch.judgements.documents import LocatedJudgement
from simsearch.near_duplicates import normalise


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with what was judged for it.

    Args:
        text: As it was asked last.
        verdicts: Whether a document is right, by its id in the index.
    """

    text: str
    verdicts: Mapping[str, bool]


def group_judgements(located: Collection[LocatedJudgement]) -> list[JudgedQuestion]:
    """The judged questions whose documents the index has, in the order in which they were first judged."""
    texts: dict[str, str] = {}
    verdicts: dict[str, dict[str, bool]] = {}
    for item in located:
        judgement = item.judgement
        if item.state == "missing":
            continue
        key = normalise(judgement.question)
        texts[key] = judgement.question
        verdicts.setdefault(key, {})[judgement.id] = judgement.right
    return [JudgedQuestion(texts[key], verdicts[key]) for key in verdicts]
