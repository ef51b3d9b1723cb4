"""Base, candidate and their rivals on the same questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simsearch.tuning.judging import (
    Judgement,
    Questions,
    embed,
    gain_interval,
    judge,
    judge_embedded,
)
from simsearch.tuning.probe import probe_questions
from simsearch.tuning.rivals import judge_rivals
from simsearch.types import Embedder


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured.

    Args:
        interval: The 95 % interval of the gain of `tuned` over `base` in nDCG@10.
        rivals: Name to judgement of what doesn't decide.
        probe: The same two models on general questions.
        promoted: The model promoted now; None where none is.
    """

    base: Judgement
    tuned: Judgement
    interval: tuple[float, float]
    rivals: Mapping[str, Judgement]
    probe: tuple[Judgement, Judgement]
    promoted: Judgement | None

    @property
    def gain(self) -> float:
        return self.tuned.mean() - self.base.mean()

    @property
    def forgotten(self) -> float:
        """What the candidate lost on the probe in nDCG@10; below 0 if it gained."""
        return self.probe[0].mean() - self.probe[1].mean()


def compare(
    base: Embedder,
    candidate: Embedder,
    promoted: Embedder | None,
    questions: Questions,
    seed: int,
    as_trained: Judgement | None = None,
) -> Comparison:
    """Judge them all.

    Args:
        as_trained: The tuned weights before they were mixed with the base's, where they were.
    """
    before, embedded = judge(base.encode, questions), embed(candidate.encode, questions)
    after, probe = judge_embedded(embedded, questions), probe_questions()
    rivals = judge_rivals(embedded, questions)
    return Comparison(
        base=before,
        tuned=after,
        interval=gain_interval(before, after, seed),
        rivals={**rivals, "as trained": as_trained} if as_trained else rivals,
        probe=(judge(base.encode, probe), judge(candidate.encode, probe)),
        promoted=judge(promoted.encode, questions) if promoted else None,
    )
