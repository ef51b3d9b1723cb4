"""Whether a candidate becomes the workspace's model."""

from __future__ import annotations

from dataclasses import dataclass

from simsearch.settings import Promote
from simsearch.tuning.judging import MAIN, Judgement


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, and the sentence that explains it."""

    promoted: bool
    reason: str


def decide(
    base: Judgement,
    tuned: Judgement,
    interval: tuple[float, float],
    promoted: Judgement | None,
    wish: Promote,
) -> Verdict:
    """Promote only what is better than the base beyond chance, and no worse than what is promoted now.

    Args:
        interval: The 95 % interval of the gain over the base.
        promoted: How the model promoted now did on the same questions; None where none is.
        wish: `auto` decides so; `always` and `never` overrule it.
    """
    verdict = _by_measure(base, tuned, interval, promoted)
    if wish == "always" and not verdict.promoted:
        return Verdict(True, f"--promote always was asked for, although {_lower(verdict.reason)}")
    if wish == "never":
        return Verdict(False, "--promote never was asked for.")
    return verdict


def _by_measure(
    base: Judgement, tuned: Judgement, interval: tuple[float, float], promoted: Judgement | None
) -> Verdict:
    gain = tuned.mean() - base.mean()
    span = f"{MAIN} {gain:+.3f}, 95 % interval {interval[0]:+.3f} to {interval[1]:+.3f}"
    if gain <= 0:
        return Verdict(False, f"It is no better than the base on questions it has never seen ({span}).")
    if interval[0] <= 0:
        return Verdict(
            False,
            f"The gain may be chance ({span} on {len(base.values[MAIN])} questions); more pairs to test by "
            "would tell.",
        )
    if promoted is not None and tuned.mean() < promoted.mean():
        return Verdict(
            False,
            f"It is better than the base ({span}) and worse than the model promoted now "
            f"({tuned.mean():.3f} against {promoted.mean():.3f}).",
        )
    return Verdict(True, f"It is better than the base on questions it has never seen ({span}).")


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
