"""Whether more pairs would help, from the dev part's scores while the first epoch went on."""

from __future__ import annotations

from collections.abc import Mapping

from simsearch.tuning.judging.measures import ModelScores, gain_interval

WORTH = 0.01
"""A gain in nDCG@10 that more pairs should be able to bring to be worth the trouble."""
NAMES = {0.0: "none", 0.125: "⅛", 0.25: "¼", 0.5: "½", 1.0: "all"}


def advise(curve: Mapping[float, ModelScores], seed: int) -> str | None:
    """A sentence on what the learning curve says; None where there is too little of it.

    Args:
        curve: Share of the pairs seen, 0 to 1, to the scores on the dev part.
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
            f"{rise} ({low:+.3f} to {high:+.3f}), so the dev part is too small to tell if more would help"
        )
    return f"Learning curve, nDCG@10 on the dev part in the first epoch: {points} of the pairs; {verdict}."
