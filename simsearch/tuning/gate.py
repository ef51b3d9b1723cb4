"""Whether a candidate becomes the workspace's model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simsearch.settings import Promote
from simsearch.tuning.doctor.findings import Finding
from simsearch.tuning.judging.comparison import Comparison
from simsearch.tuning.judging.measures import MAIN
from simsearch.tuning.judging.probe import FORGOTTEN

MOST_LEAKED = 0.1
"""Share of the test set. Above it, the gain says more about what was trained on than about unseen questions."""

ADVICE = (
    "Look at the findings in the pairs (--dry-run shows them again) and at the questions that got worse; then try "
    "another --loss or more --epochs."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, and the sentences that explain it and say what to try."""

    promoted: bool
    reason: str


def decide(
    compared: Comparison,
    doubt: str | None,
    leaked: float,
    findings: Sequence[Finding],
    promote: Promote,
) -> Verdict:
    """Promote only a candidate that is significantly better than the base on unseen questions, is not worse than the
    promoted model, and has not forgotten general knowledge.

    Args:
        doubt: Why what chose the candidate speaks against it; None if it doesn't.
        leaked: Share of the test set that has related rows in the train set or trained the base, 0 to 1.
        findings: What is wrong with the pairs.
        promote: `auto` decides so; `always` and `never` override it.
    """
    refusal = next(_refusals(compared, doubt, leaked, findings), None)
    if promote == "never":
        return Verdict(False, "--promote never is set.")
    if refusal is None:
        return Verdict(True, f"It is better than the base on unseen questions ({span(compared)}).")
    if promote == "always":
        return Verdict(True, f"--promote always is set, although {refusal[0].lower()}{refusal[1:]}")
    return Verdict(False, refusal)


def _refusals(
    compared: Comparison, doubt: str | None, leaked: float, findings: Sequence[Finding]
) -> Iterator[str]:
    """Each reason not to promote, with what to try."""
    if doubt:
        yield f"{doubt}. {ADVICE}"
    if compared.gain <= 0:
        yield f"It is not better than the base on unseen questions ({span(compared)}). {ADVICE}"
    if compared.interval[0] <= 0:
        yield (
            f"The gain may be chance ({span(compared)} on {len(compared.base.rankings)} questions). Use more test "
            "pairs: a larger file, or a separate one with --test."
        )
    if leaked > MOST_LEAKED:
        yield (
            f"The gain proves nothing ({span(compared)}): {leaked:.0%} of the test pairs have the same text, a "
            "near-duplicate, the same source or group in this run's train set or its base's. --split grouped keeps "
            "them apart."
        )
    for finding in findings:
        if finding.decisive:
            yield f"The gain proves nothing ({span(compared)}). {finding}"
    rival = compared.against_promoted
    if rival is not None and rival.tuned.mean() < rival.promoted.mean():
        yield (
            f"It is better than the base ({span(compared)}) but worse than the promoted model "
            f"({rival.tuned.mean():.3f} against {rival.promoted.mean():.3f})."
        )
    if compared.forgotten > FORGOTTEN:
        yield (
            f"It is better than the base ({span(compared)}), but it forgot: on the general-knowledge probe {MAIN} "
            f"fell by {compared.forgotten:.3f}, more than {FORGOTTEN:g}. Fewer epochs, a lower --learning-rate or "
            "--freeze keep more; --promote always accepts it."
        )


def span(compared: Comparison) -> str:
    """The gain with its interval."""
    low, high = compared.interval
    count = compared.evaluations
    widened = f" for {count} evaluations" if count > 1 else ""
    return f"{MAIN} {compared.gain:+.3f}, 95 % interval{widened} {low:+.3f} to {high:+.3f}"
