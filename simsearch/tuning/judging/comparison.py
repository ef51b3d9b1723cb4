"""Base, candidate and their rivals on the same questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simsearch.tuning.judging.baselines import judge_rivals
from simsearch.tuning.judging.leaks import judge_held
from simsearch.tuning.judging.measures import (
    Embedded,
    Judgement,
    embed,
    gain_interval,
    judge,
    judge_embedded,
    questions_of,
)
from simsearch.tuning.judging.probe import probe_questions
from simsearch.types import Embedder, Pair


@dataclass(frozen=True, slots=True)
class AsTrained:
    """The weights that training ended with, before the best were chosen and mixed with the base's.

    Args:
        tested: On the test part.
        held: On rows that have near-duplicates in training; None where none were held out.
        chosen: Whether they are the candidate's as well.
    """

    tested: Judgement
    held: Judgement | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """The candidate and the model promoted now on the questions that neither was trained on."""

    tuned: Judgement
    promoted: Judgement


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured.

    Args:
        looks: How often the test part has judged by now.
        interval: The 95 % interval of the gain of `tuned` over `base` in nDCG@10, for all the looks together.
        rivals: Name to judgement of what doesn't decide.
        probe: The same two models on general questions.
        as_trained: The weights that training ended with, where they are not the candidate's or tell of a leak.
        base_on_held: The base on rows that have near-duplicates in training; None where none were held out.
        beside: The candidate beside the model promoted now; None where none is, or was trained on all the questions.
    """

    base: Judgement
    tuned: Judgement
    looks: int
    interval: tuple[float, float]
    rivals: Mapping[str, Judgement]
    probe: tuple[Judgement, Judgement]
    as_trained: AsTrained | None
    base_on_held: Judgement | None
    beside: Beside | None

    @property
    def gain(self) -> float:
        return self.tuned.mean() - self.base.mean()

    @property
    def forgotten(self) -> float:
        """What the candidate lost on the probe in nDCG@10; below 0 if it gained."""
        return self.probe[0].mean() - self.probe[1].mean()


def compare(
    base: Embedder,
    base_sees: Embedded,
    candidate: Embedder,
    promoted: Embedder | None,
    test: Sequence[Pair],
    unseen: Sequence[Pair],
    held: Sequence[Pair],
    looks: int,
    seed: int,
    as_trained: AsTrained | None = None,
) -> Comparison:
    """Judge them all.

    Args:
        base_sees: The questions of the test part as the base sees them.
        test: The test part.
        unseen: What of it the model promoted now wasn't trained on.
        held: Rows to see a leak by.
        looks: How often the test part has judged, with this time.
    """
    questions, probe = questions_of(test), probe_questions()
    new_to_promoted = questions_of(unseen)
    tuned_sees = embed(candidate.encode, questions)
    before, after = judge_embedded(base_sees, questions), judge_embedded(tuned_sees, questions)
    rivals = judge_rivals(tuned_sees, questions)
    return Comparison(
        base=before,
        tuned=after,
        looks=looks,
        interval=gain_interval(before, after, seed, looks),
        rivals={**rivals, "as_trained": as_trained.tested}
        if as_trained and not as_trained.chosen
        else rivals,
        probe=(judge(base.encode, probe), judge(candidate.encode, probe)),
        as_trained=as_trained,
        base_on_held=judge_held(base.encode, base_sees, questions, test, held) if held else None,
        beside=Beside(
            after if new_to_promoted == questions else judge(candidate.encode, new_to_promoted),
            judge(promoted.encode, new_to_promoted),
        )
        if promoted and new_to_promoted.texts
        else None,
    )
