"""The test set of a run: the pairs that only judge, and which models were trained on some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simsearch.models import Runs
from simsearch.models.trained_rows import trained_rows, untrained
from simsearch.tuning.judging.measures import Questions, questions_of
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.types import Pair


@dataclass(frozen=True, slots=True)
class TestSet:
    """Pairs that only judge.

    Args:
        questions: What the pairs ask, and what should be found.
        unseen: The questions of the pairs that the promoted model was not trained on.
        held_out: Training rows with near-duplicates in training, kept out of it to measure a leak.
        known_to_base: How many of the pairs the base was trained on.
        known_to_promoted: How many of the pairs the promoted model was trained on.
        evaluations: How often these pairs have judged a model, this run included.
    """

    __test__ = False  # not a test case for pytest

    pairs: tuple[Pair, ...]
    questions: Questions
    unseen: Questions
    held_out: tuple[Pair, ...]
    known_to_base: int
    known_to_promoted: int
    evaluations: int = 0

    @classmethod
    def of(cls, pairs: Sequence[Pair], held_out: Sequence[Pair], runs: Runs, base: str) -> TestSet:
        """The test set for a run that starts from the model `base`."""
        unseen = untrained(pairs, trained_rows(runs, runs.promoted()))
        questions = questions_of(pairs)
        return cls(
            pairs=tuple(pairs),
            questions=questions,
            unseen=questions if len(unseen) == len(pairs) else questions_of(unseen),
            held_out=tuple(held_out),
            known_to_base=len(pairs) - len(untrained(pairs, trained_rows(runs, base))),
            known_to_promoted=len(pairs) - len(unseen),
        )

    def count_evaluation(self, ledger: TestLedger) -> TestSet:
        """Record that these pairs judge once more; call it before they do, so that none is forgotten."""
        ledger.record(self.pairs)
        return replace(self, evaluations=ledger.evaluations(self.pairs))

    def notices(self) -> list[str]:
        """Which models were trained on test pairs, a sentence for each."""
        of_base, of_promoted = (
            f"{known} of the {len(self.pairs)} test pairs were used to train"
            for known in (self.known_to_base, self.known_to_promoted)
        )
        return [
            *([f"{of_base} the base, so a gain over it proves less."] if self.known_to_base else []),
            *(
                [f"{of_promoted} the promoted model, so they are left out of the comparison with it."]
                if self.known_to_promoted
                else []
            ),
        ]
