"""Two rankings made one: a convex sum of scores brought to one scale (Bruch et al. 2023, arXiv:2210.11934)."""

from __future__ import annotations

from collections.abc import Mapping

DENSE_WEIGHT = 0.7


def fuse(
    dense: Mapping[int, float], lexical: Mapping[int, float], weight: float = DENSE_WEIGHT
) -> list[tuple[int, float]]:
    """Chunks of either list with weight · dense + (1 - weight) · lexical, best first; equals as they stand in `dense`.

    Args:
        dense: Cosines by chunk, scaled here from the list's lowest to its highest.
        lexical: BM25 scores by chunk, scaled here by their highest; a chunk not in it has none of the words.
        weight: The share of dense, 0 to 1.
    """
    low, high = min(dense.values(), default=0.0), max(dense.values(), default=0.0)
    best = max(lexical.values(), default=0.0)
    fused = {
        chunk: weight * (dense.get(chunk, low) - low) / ((high - low) or 1.0)
        + (1 - weight) * lexical.get(chunk, 0.0) / (best or 1.0)
        for chunk in {**dense, **lexical}
    }
    return sorted(fused.items(), key=lambda item: -item[1])
