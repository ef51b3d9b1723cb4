"""A batch in pieces of texts of like length, for models that can't take it as a row: a batch is as wide as its longest
text, so that most of what a model computes on short texts is padding.

Imports torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from torch import Tensor

PIECE = 64
"""What a piece costs in addition to its tokens, in tokens."""


class Padded:
    """Pieces of a batch as narrower batches."""

    @staticmethod
    def cuts(lengths: Sequence[int], budget: int) -> list[tuple[int, int]]:
        """Where to cut texts of falling length so that padding and pieces together cost least: by dynamic programming.

        Args:
            lengths: Tokens of each, the longest first.
            budget: Of tokens in a piece, padding counted; a longer text is a piece of its own.
        """
        cost, begins = [0], [0]
        for end in range(1, len(lengths) + 1):
            cheapest, chosen = cost[end - 1] + lengths[end - 1], end - 1
            for begin in range(end - 2, -1, -1):
                tokens = lengths[begin] * (end - begin)
                if tokens > budget:
                    break
                if cost[begin] + tokens < cheapest:
                    cheapest, chosen = cost[begin] + tokens, begin
            cost.append(cheapest + PIECE)
            begins.append(chosen)
        pieces, end = [], len(lengths)
        while end:
            pieces.append((begins[end], end))
            end = begins[end]
        return pieces[::-1]

    @staticmethod
    def piece(features: dict[str, Any], rows: Tensor) -> dict[str, Any]:
        """Some texts of a batch, cut to the width of the longest, whichever side the padding is on.

        Args:
            features: Tensors [n, width] and what else the model is given.
            rows: Numbers of the texts, int64 [m].
        """
        mask = features["attention_mask"]
        width = int(mask[rows].sum(dim=1).max())
        columns = slice(-width, None) if bool((mask[:, 0] == 0).any()) else slice(width)
        return {
            name: value[rows][:, columns] if isinstance(value, Tensor) else value
            for name, value in features.items()
        }

    @staticmethod
    def running() -> AbstractContextManager[None]:
        """The model takes pieces as it is."""
        return nullcontext()


class Whole(Padded):
    """A batch in one piece, for a GPU, which computes the padding in passing, while each piece costs it a start."""

    @staticmethod
    def cuts(lengths: Sequence[int], budget: int) -> list[tuple[int, int]]:
        """One piece, whatever the budget."""
        return [(0, len(lengths))]
