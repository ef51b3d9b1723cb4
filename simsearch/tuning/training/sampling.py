"""Batches in which no two rows are of one class: in-batch, each would be the other's false negative.

Imports torch.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import torch
from sentence_transformers.base.sampler import DefaultBatchSampler

FEWEST_ROWS = 2


class ClassesApart(DefaultBatchSampler):  # type: ignore[misc]
    """Takes a row of each of the classes that have most rows left, so that classes of any sizes end together.

    What is left of the largest class when all others have run out is in no batch; the next epoch leaves other
    rows.

    Args:
        dataset: With the class of each row in the column `label`.
    """

    def __init__(self, dataset: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(dataset, *arguments, **named)
        self._labels: list[int] = list(dataset["label"])

    def __iter__(self) -> Iterator[list[int]]:
        generator = self.generator or torch.Generator()
        generator.manual_seed(self.seed + self.epoch)
        waiting: dict[int, list[int]] = defaultdict(list)
        for row in torch.randperm(len(self._labels), generator=generator).tolist():
            waiting[self._labels[row]].append(row)
        for size in self._sizes:
            turns = torch.randperm(len(waiting), generator=generator).tolist()
            order = sorted(
                zip(waiting, turns, strict=True), key=lambda turn: (-len(waiting[turn[0]]), turn[1])
            )
            yield [waiting[label].pop() for label, _ in order[:size]]

    def __len__(self) -> int:
        return len(self._sizes)

    @cached_property
    def _sizes(self) -> list[int]:
        """Rows of each batch; chance decides which rows, not how many."""
        left = sorted(Counter(self._labels).values(), reverse=True)
        sizes = []
        while (size := min(sum(count > 0 for count in left), self.batch_size)) >= FEWEST_ROWS:
            sizes.append(size)
            left = sorted([count - (i < size) for i, count in enumerate(left)], reverse=True)
        return sizes
