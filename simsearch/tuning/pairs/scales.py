"""The scale that a file's scores are on, so that stars and percentages can be scaled to 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HIGHEST_GRADE = 10
PERCENT = 100
BEYOND = 0.2
"""Share of the scores that must lie above 1 to show that the scale is another; fewer are slips of the pen."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest score that a file could give."""

    low: float
    high: float

    @property
    def spec(self) -> str:
        """The score generator that brings it to 0 to 1."""
        return "given" if self == UNIT else f"given:low={self.low:g},high={self.high:g}"

    def unit(self, score: float) -> float:
        """A score scaled to 0 to 1."""
        return (score - self.low) / (self.high - self.low)

    @property
    def reason(self) -> str:
        """What is done about it, in a sentence."""
        return (
            f"Scores from {self.low:g} to {self.high:g} in the file are rescaled to 0..1, and "
            f"{(self.low + self.high) / 2:g} or more counts as similar; if the scale is different, write --scores "
            "given:low=LOW,high=HIGH."
        )


UNIT = Scale(0, 1)


def scale_of(scores: Sequence[float]) -> Scale | None:
    """The scale of some scores: 0 to 1, -1 to 1, grades such as 1 to 5, or percentages; None where they don't
    show it, as where none of them would be similar."""
    low, high = min(scores), max(scores)
    if high <= 1 and low >= -1:
        return UNIT if low >= 0 else Scale(-1, 1)
    beyond = sum(score > 1 for score in scores) / len(scores)
    if low < 0 or high > PERCENT or beyond < BEYOND or len(set(scores)) < 3:
        return None
    if high > HIGHEST_GRADE:
        return Scale(0, PERCENT) if high >= PERCENT / 2 else None
    top = next(grade for grade in range(2, HIGHEST_GRADE + 1) if grade >= high)
    return Scale(1 if low >= 1 else 0, top)
