"""Which questions a tuned model answers better than the base, and which worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simsearch.tuning.judging.measures import MAIN, ModelScores, Questions

SHOWN = 10
LAST_RANKS = (1, 3, 10, 100)
RANKS = ("1", "2–3", "4–10", "11–100", "beyond")


@dataclass(frozen=True, slots=True)
class Change:
    """How one question changed.

    Args:
        expected: A text that it should find.
        before: The rank of the first such text with the base model, from 1; None beyond those looked at.
        after: The same with the tuned model.
        found: What the tuned model ranks first.
        gain: Of nDCG@10, -1 to 1.
    """

    question: str
    expected: str
    before: int | None
    after: int | None
    found: str
    gain: float


def largest_changes(
    base: ModelScores, tuned: ModelScores, questions: Questions
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """The questions that gained most and those that lost most, at most `SHOWN` of each."""
    gains = tuned.values[MAIN] - base.values[MAIN]
    order = np.argsort(gains, kind="stable")
    worse = [int(i) for i in order[:SHOWN] if gains[i] < 0]
    better = [int(i) for i in order[::-1][:SHOWN] if gains[i] > 0]

    def changes(rows: Sequence[int]) -> tuple[Change, ...]:
        return tuple(_change(i, float(gains[i]), base, tuned, questions) for i in rows)

    return changes(better), changes(worse)


def rank_counts(scores: ModelScores) -> dict[str, int]:
    """How many questions had their first right answer at which ranks."""
    ranks = np.array([1 / value if value else np.inf for value in scores.values["RR"]])
    edges = [0, *LAST_RANKS, np.inf]
    return {
        name: int(((ranks > low) & (ranks <= high)).sum())
        for name, low, high in zip(RANKS, edges[:-1], edges[1:], strict=True)
    }


def _change(i: int, gain: float, base: ModelScores, tuned: ModelScores, questions: Questions) -> Change:
    relevant = questions.relevant[i]
    found = tuned.rankings[i]
    first = next((row for row in found if row in relevant), min(relevant))
    return Change(
        question=questions.texts[i],
        expected=questions.documents[first],
        before=_first(base.rankings[i], relevant),
        after=_first(found, relevant),
        found=questions.documents[found[0]] if found else "",
        gain=round(gain, 4),
    )


def _first(ranking: Sequence[int], relevant: frozenset[int]) -> int | None:
    return next((place for place, row in enumerate(ranking, 1) if row in relevant), None)
