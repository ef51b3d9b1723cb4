"""The contract of splitters."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import ClassVar

import numpy as np

from simsearch.testing.contract import Contract, demand, unless_refused
from simsearch.testing.examples import PairsExample, example_pairs
from simsearch.types import Split, Splitter

ENOUGH_PAIRS = 50


class SplitterContract(Contract[Splitter, PairsExample]):
    """A splitter names every pair once, in three int64 arrays. It may refuse a small number of pairs with
    InputError."""

    kind: ClassVar[str] = "splitters"

    def examples(self) -> Iterable[PairsExample]:
        return [
            PairsExample(example_pairs(seed, count), seed, refusable=count < ENOUGH_PAIRS)
            for seed, count in enumerate((0, 1, 2, 9, 60, 200))
        ]

    def test_every_pair_is_on_one_side(self) -> None:
        for example in self.examples():
            split = self._split(example)
            if split is not None:
                rows = np.sort(np.concatenate(_parts(split)))
                complete = np.array_equal(rows, np.arange(len(example.pairs)))
                demand(complete, f"{example}: train, dev and test don't contain every pair exactly once")

    def test_parts_are_int64_arrays(self) -> None:
        for example in self.examples():
            split = self._split(example)
            for part in _parts(split) if split is not None else ():
                demand(isinstance(part, np.ndarray), f"gave a {type(part).__name__}, not a numpy array")
                demand(part.dtype == np.int64 and part.ndim == 1, f"gave a part of {part.dtype} {part.shape}")

    def test_some_pairs_are_left_to_train_on(self) -> None:
        for example in self.examples():
            split = self._split(example)
            if split is not None and not example.refusable:
                demand(len(split.train) > 0, f"{example}: nothing is left to train on")

    def test_one_seed_gives_one_answer(self) -> None:
        for example in self.examples():
            one, other = self._split(example), self._split(example)
            if one is not None and other is not None:
                same = all(map(np.array_equal, _parts(one), _parts(other)))
                demand(same, f"{example} gave a different split the second time")

    def test_pairs_are_left_as_they_were(self) -> None:
        for example in self.examples():
            before = deepcopy(example.pairs)
            self._split(example)
            demand(example.pairs == before, f"the pairs themselves were changed, given {example}")

    def _split(self, example: PairsExample) -> Split | None:
        split = unless_refused(
            example.refusable, lambda: self.component(list(example.pairs), example.generator())
        )
        demand(split is None or isinstance(split, Split), f"gave a {type(split).__name__}, not a Split")
        return split


def _parts(split: Split) -> tuple[np.ndarray, ...]:
    return split.train, split.dev, split.test
