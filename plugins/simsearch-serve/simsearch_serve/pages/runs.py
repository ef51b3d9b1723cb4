"""The models of the workspace, with what each has proven."""

from __future__ import annotations

from dataclasses import dataclass

from simsearch import SimsearchError, Workspace
from simsearch.tuning.judging.measures import MAIN


@dataclass(frozen=True, slots=True)
class Run:
    """A tuned model.

    Args:
        base: nDCG@10 of the base model on the test set, 0 to 1; `tuned` is that of this one.
        interval: 95 % interval of the gain.
        questions: How many questions the test set has.
    """

    name: str
    promoted: bool
    base: float
    tuned: float
    gain: float
    interval: tuple[float, float]
    questions: int
    reason: str
    report: str


def read_runs(workspace: Workspace) -> list[Run]:
    """The runs, newest first; a damaged one is left out here, and named by `simsearch models`."""
    promoted = workspace.runs.promoted()
    found = []
    for name in reversed(workspace.runs.names()):
        try:
            record = workspace.runs.record(name)
        except SimsearchError:
            continue
        low, high = record["interval"]
        found.append(
            Run(
                name=name,
                promoted=name == promoted,
                base=record["base"][MAIN],
                tuned=record["tuned"][MAIN],
                gain=record["gain"][MAIN],
                interval=(low, high),
                questions=record["questions"],
                reason=record["reason"],
                report=f"/runs/{name}",
            )
        )
    return found
