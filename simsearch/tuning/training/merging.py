"""The weights between base and tuned, so that a run that overshoots comes back (Wortsman et al. 2022,
arXiv:2109.01903).

Imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

SHARES = (0.25, 0.5, 0.75)
"""Of the tuned weights, in the mixes tried beside the two ends."""

Weights = Mapping[str, torch.Tensor]


def sweep(model: Any, base: Weights, tuned: Weights, score: Callable[[], float]) -> dict[float, float]:
    """How the mixes between the two ends do: share of the tuned weights to score.

    Args:
        model: The torch module to load the mixes into; it is left with the last of them.
        score: Judges the model as it stands, higher is better.
    """
    scores = {}
    for share in SHARES:
        model.load_state_dict(mix(base, tuned, share))
        scores[share] = score()
    return scores


def best_share(scores: Mapping[float, float]) -> float:
    """The share that scored best, of equals the largest."""
    return max((score, share) for share, score in scores.items())[1]


def mix(base: Weights, tuned: Weights, share: float) -> dict[str, torch.Tensor]:
    """(1 - share) · base + share · tuned; what isn't a floating-point weight stays the tuned model's."""
    return {
        name: torch.lerp(base[name], value, share) if value.is_floating_point() else value
        for name, value in tuned.items()
    }
