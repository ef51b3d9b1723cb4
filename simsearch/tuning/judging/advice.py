"""Whether more pairs would help, from the scores on the dev set during the first epoch."""

from __future__ import annotations

from collections.abc import Mapping

from simsearch.tuning.judging.measures import ModelScores, gain_interval

WORTH = 0.01
"""The smallest gain in nDCG@10 that makes more pairs worth the work."""
NAMES = {0.0: "none", 0.25: "¼", 0.5: "½", 1.0: "all"}


def advise(curve: Mapping[float, ModelScores], seed: int) -> str | None:
    """A sentence on what the learning curve says; None where there is too little of it.

    Args:
        curve: Share of the pairs seen, 0 to 1, to the scores on the dev set.
    """
    if 0.5 not in curve or 1.0 not in curve:
        return None
    points = ", ".join(f"{curve[share].mean():.3f} after {NAMES[share]}" for share in sorted(curve))
    low, high = gain_interval(curve[0.5], curve[1.0], seed)
    rise = f"the second half brought {curve[1.0].mean() - curve[0.5].mean():+.3f}"
    if low > 0:
        verdict = f"{rise}, so more pairs would help"
    elif high < WORTH:
        verdict = f"{rise}, so more pairs of this kind would hardly help"
    else:
        verdict = (
            f"{rise} ({low:+.3f} to {high:+.3f}), so the dev set is too small to say whether more would help"
        )
    return f"Learning curve, nDCG@10 on the dev set in the first epoch: {points} of the pairs; {verdict}."
