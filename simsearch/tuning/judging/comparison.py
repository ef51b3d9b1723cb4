"""Base, candidate, promoted model and baselines on the same questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simsearch.tuning.judging.baselines import judge_baselines
from simsearch.tuning.judging.leaks import judge_held
from simsearch.tuning.judging.measures import (
    Embedded,
    Encode,
    ModelScores,
    gain_interval,
    judge,
    judge_embedded,
)
from simsearch.tuning.judging.probe import probe_questions
from simsearch.tuning.judging.test_set import TestSet


@dataclass(frozen=True, slots=True)
class Contestants:
    """The models to compare.

    Args:
        base_vectors: The questions of the test set as the base embeds them.
        candidate_vectors: As the candidate embeds them.
        steps: As models on the way to the candidate embed them.
        promoted: The model promoted now; None if there is none.
    """

    base: Encode
    base_vectors: Embedded
    candidate: Encode
    candidate_vectors: Embedded
    steps: Mapping[str, Embedded]
    promoted: Encode | None


@dataclass(frozen=True, slots=True)
class AsTrained:
    """The weights that training ended with, before the best were chosen and mixed with the base's.

    Args:
        tested: On the test set.
        held: On rows that have near-duplicates in training.
        chosen: Whether they are the candidate's as well.
    """

    tested: ModelScores
    held: ModelScores
    chosen: bool


@dataclass(frozen=True, slots=True)
class AgainstPromoted:
    """The candidate and the promoted model on the questions that neither was trained on."""

    tuned: ModelScores
    promoted: ModelScores


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured.

    Args:
        evaluations: How often the test set has judged a model, this time included.
        interval: The 95 % interval of the gain of `tuned` over `base` in nDCG@10, widened for all evaluations.
        baselines: Name to scores of what is reported but does not decide.
        probe: The base and the candidate on general-knowledge questions.
        as_trained: The weights that training ended with; None where no rows were held out to measure a leak.
        base_on_held: The base on rows that have near-duplicates in training; None where none were held out.
        against_promoted: None if no model is promoted, or if it was trained on all the questions.
    """

    base: ModelScores
    tuned: ModelScores
    evaluations: int
    interval: tuple[float, float]
    baselines: Mapping[str, ModelScores]
    probe: tuple[ModelScores, ModelScores]
    as_trained: AsTrained | None
    base_on_held: ModelScores | None
    against_promoted: AgainstPromoted | None

    @property
    def gain(self) -> float:
        return self.tuned.mean() - self.base.mean()

    @property
    def forgotten(self) -> float:
        """What the candidate lost on the probe in nDCG@10; negative if it gained."""
        return self.probe[0].mean() - self.probe[1].mean()


def compare(models: Contestants, test: TestSet, seed: int, as_trained: AsTrained | None = None) -> Comparison:
    """Judge the models on the test set and the probe."""
    questions, probe = test.questions, probe_questions()
    base = judge_embedded(models.base_vectors, questions)
    tuned = judge_embedded(models.candidate_vectors, questions)
    steps = {name: judge_embedded(vectors, questions) for name, vectors in models.steps.items()}
    baselines = {**judge_baselines(models.candidate_vectors, questions), **steps}
    if as_trained and not as_trained.chosen:
        baselines["as_trained"] = as_trained.tested
    return Comparison(
        base=base,
        tuned=tuned,
        evaluations=test.evaluations,
        interval=gain_interval(base, tuned, seed, test.evaluations),
        baselines=baselines,
        probe=(judge(models.base, probe), judge(models.candidate, probe)),
        as_trained=as_trained,
        base_on_held=judge_held(models.base, models.base_vectors, test) if test.held_out else None,
        against_promoted=judge_against_promoted(models, test, tuned),
    )


def judge_against_promoted(models: Contestants, test: TestSet, tuned: ModelScores) -> AgainstPromoted | None:
    """The candidate and the promoted model; None where there is nothing to compare.

    Args:
        tuned: The candidate on all questions of the test set.
    """
    if models.promoted is None or not test.unseen.texts:
        return None
    return AgainstPromoted(
        tuned if test.unseen == test.questions else judge(models.candidate, test.unseen),
        judge(models.promoted, test.unseen),
    )
