"""Built-in negative miners: texts near an anchor that are not its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:
    from simsearch.types import NegativeMiner


@hookimpl
def simsearch_negative_miners() -> list[Component]:
    return [Component("mined", "Other positives that the base model finds near, but not too near", mined)]


def mined(
    count: int = 1, nearest: int = 10, farthest: int = 100, margin: float = 0.95, teacher: str = ""
) -> NegativeMiner:
    """The hardest positives of other anchors, without those that are likely to be right as well.

    A text that scores more than `margin` times what the pair's own positive scores counts as a false
    negative (Moreira et al. 2024, arXiv:2407.15831, "TopK-PercPos"). Memory: two vectors for each text,
    and one block of anchors.

    Args:
        count: How many for each pair.
        nearest: Rank at which to begin, 1 being the nearest text that is not a known positive.
        farthest: Rank at which to end.
        margin: Share of the positive's score up to which a text may score.
        teacher: A model that scores in the base model's place, by its name or folder.
    """
    if not 1 <= nearest <= farthest:
        raise InputError(f"'mined' needs nearest from 1 to farthest, not {nearest} and {farthest}.")
    if count < 1 or not 0 < margin <= 1:
        raise InputError(
            f"'mined' needs a count of 1 or more and a margin within 0 to 1, not {count} and {margin:g}."
        )
    from simsearch.builtin.negative_miners.mining import make_miner

    return make_miner(count, nearest, farthest, margin, teacher)
