"""The weights between base and tuned, so that a run that overshoots comes back (Wortsman et al. 2022,
arXiv:2109.01903)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

SHARES = (0.25, 0.5, 0.75, 1.0)

Weights = Mapping[str, torch.Tensor]


def best_mix(model: Any, base: Weights, tuned: Weights, score: Callable[[], float]) -> tuple[float, float]:
    """Leave the model with the mix of weights that scores best on the dev part.

    Args:
        model: The torch module to load the mixes into.
        base: Its weights before training.
        tuned: Its weights after.
        score: Judges the model as it stands, higher is better.

    Returns:
        The share of the tuned weights in the best mix, above 0 to 1, and its score; of equals the larger share.
    """
    scores = []
    for share in SHARES:
        model.load_state_dict(mix(base, tuned, share))
        scores.append((score(), share))
    best, share = max(scores)
    model.load_state_dict(mix(base, tuned, share))
    return share, best


def mix(base: Weights, tuned: Weights, share: float) -> dict[str, torch.Tensor]:
    """(1 - share) · base + share · tuned; what isn't a floating-point weight stays the tuned model's."""
    return {
        name: torch.lerp(base[name], value, share) if value.is_floating_point() else value
        for name, value in tuned.items()
    }
