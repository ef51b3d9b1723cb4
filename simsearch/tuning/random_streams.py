"""Random streams: one for each purpose, so that one more draw for one purpose changes nothing for the others."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class RandomStream(IntEnum):
    """What random numbers of a run are for. The values are part of what a seed means: never renumber them."""

    SAMPLE = 0
    SCORES = 1
    SPLIT = 2
    NEGATIVE_SCORES = 3
    NEGATIVES = 4
    LEAKS = 5
    CLASS_PAIRS = 6
    MISSING_NEGATIVES = 7

    def generator(self, seed: int) -> np.random.Generator:
        return np.random.default_rng([seed, self.value])
