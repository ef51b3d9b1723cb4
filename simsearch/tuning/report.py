"""What a tuning run tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simsearch.tuning.doctor import Finding


@dataclass(frozen=True, slots=True)
class TuneReport:
    """The outcome of a run.

    Args:
        run: Its name, also that of its model.
        base: How the base model did: measure to mean over the test questions, 0 to 1.
        tuned: How the candidate did.
        gain: tuned - base.
        interval: The 95 % interval of the gain in nDCG@10.
        promoted: Whether the candidate is the workspace's model now.
        reason: Why, in a sentence.
        pairs: How many pairs each part had: train, dev, test.
        questions: How many questions judged.
        looks: How often this test part has judged by now.
        findings: What is wrong with the pairs.
        notes: What else the person should know: choices and their reasons, rows left out.
        seconds: How long it took.
    """

    run: str
    base: Mapping[str, float]
    tuned: Mapping[str, float]
    gain: Mapping[str, float]
    interval: tuple[float, float]
    promoted: bool
    reason: str
    pairs: Mapping[str, int]
    questions: int
    looks: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Examination:
    """What a run would do.

    Args:
        findings: What is wrong with the pairs.
        notes: The choices, each with its reason.
        pairs: How many pairs each part would have: train, dev, test.
    """

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    pairs: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
