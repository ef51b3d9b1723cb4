"""The weights between base and tuned, so that a run that overshoots comes back (Wortsman et al. 2022,
arXiv:2109.01903).

Imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from simsearch.tuning.judging.measures import ModelScores, as_good
from simsearch.tuning.judging.probe import NEGLIGIBLE

SHARES = (0.75, 0.5, 0.25)
"""Shares of the tuned weights in the mixes that are tried between the two ends."""

Weights = Mapping[str, torch.Tensor]


def sweep(
    model: Any,
    base: Weights,
    tuned: Weights,
    judge: Callable[[], ModelScores],
    at_base: float,
    at_tuned: ModelScores,
) -> dict[float, ModelScores]:
    """How mixes do, from the tuned weights towards the base's, until one is worse than the mix before: share of the
    tuned weights to scores.

    Args:
        model: The torch module to load the mixes into; it is left with the last of them.
        judge: Judges the model with its current weights.
        at_base: The score of the base; while it is better than every mix, the sweep continues.
        at_tuned: The scores of the tuned weights.
    """
    judged = {1.0: at_tuned}
    best = before = at_tuned.mean()
    for share in SHARES:
        model.load_state_dict(mix(base, tuned, share))
        judged[share] = judge()
        score = judged[share].mean()
        best = max(best, score)
        if score < before and best >= at_base:
            break
        before = score
    return judged


def best_share(judged: Mapping[float, ModelScores], forgotten: Callable[[float], float]) -> float:
    """Of the shares that are as good as the best, the largest that forgets next to nothing, or else the one that
    forgets least: on so few questions the best itself is mostly chance.

    Args:
        forgotten: What the mix of a share loses on general knowledge.
    """
    best = max(judged.values(), key=lambda scores: scores.mean())
    lost: dict[float, float] = {}
    for share in sorted((share for share, scores in judged.items() if as_good(scores, best)), reverse=True):
        lost[share] = forgotten(share)
        if lost[share] <= NEGLIGIBLE:
            return share
    return min(lost, key=lost.__getitem__)


def mix(base: Weights, tuned: Weights, share: float) -> dict[str, torch.Tensor]:
    """(1 - share) · base + share · tuned; what isn't a floating-point weight stays the tuned model's."""
    return {
        name: torch.lerp(base[name], value, share) if value.is_floating_point() else value
        for name, value in tuned.items()
    }
