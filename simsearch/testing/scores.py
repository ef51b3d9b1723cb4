"""The contract of score generators."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from typing import ClassVar

import numpy as np

from simsearch.testing.contract import Contract, demand, unless_refused
from simsearch.testing.examples import PairsExample, example_pairs
from simsearch.types import ScoreGenerator, Scores


class ScoreGeneratorContract(Contract[ScoreGenerator, PairsExample]):
    """A score generator gives float32 [n] within 0 to 1; the passed generator is its only source of randomness."""

    kind: ClassVar[str] = "score_generators"

    def examples(self) -> Iterable[PairsExample]:
        return [PairsExample(example_pairs(seed, count), seed) for seed, count in enumerate((1, 2, 7, 40))]

    def test_scores_are_float32_between_0_and_1(self) -> None:
        for example in self.examples():
            scores = self._scores(example)
            if scores is not None:
                _demand_scores(scores, len(example.pairs))

    def test_one_seed_gives_one_answer(self) -> None:
        for example in self.examples():
            one, other = self._scores(example), self._scores(example)
            same = one is other or np.array_equal(np.asarray(one), np.asarray(other))
            demand(same, f"{example} gave different scores the second time")

    def test_pairs_are_left_as_they_were(self) -> None:
        for example in self.examples():
            before = deepcopy(example.pairs)
            self._scores(example)
            demand(example.pairs == before, f"the pairs themselves were changed, given {example}")

    def test_no_pairs_get_no_scores(self) -> None:
        scores = self.component([], np.random.default_rng(0))
        demand(
            np.shape(scores) == (0,),
            f"an empty list of pairs gave scores of shape {np.shape(scores)}, not (0,)",
        )

    def test_negatives_can_be_scored_too(self) -> None:
        """Margin losses put each negative in the place of the positive, without a score. A generator that reads scores
        from the file may refuse."""
        for example in self.examples():
            swapped = tuple(
                replace(pair, positive=pair.negatives[0], negatives=(), score=None)
                for pair in example.pairs
                if pair.negatives
            )
            scores = self._scores(replace(example, pairs=swapped, refusable=True))
            if scores is not None:
                _demand_scores(scores, len(swapped))

    def _scores(self, example: PairsExample) -> Scores | None:
        return unless_refused(
            example.refusable, lambda: self.component(list(example.pairs), example.generator())
        )


def _demand_scores(scores: Scores, count: int) -> None:
    demand(isinstance(scores, np.ndarray), f"gave a {type(scores).__name__}, not a numpy array")
    demand(scores.dtype == np.float32, f"gave scores of type {scores.dtype}, not float32")
    demand(scores.shape == (count,), f"gave scores of shape {scores.shape} for {count} pairs")
    demand(np.isfinite(scores).all(), "gave scores that are not finite (NaN or infinite)")
    demand(((scores >= 0) & (scores <= 1)).all(), "gave scores outside 0 to 1")
