"""Rows without negatives among rows with them: each gets the positive of another row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simsearch.grouping import answers_of
from simsearch.near_duplicates import normalise
from simsearch.types import Pair
from simsearch.wording import counted

MOST = 0.5
"""Share of the rows that may lack negatives; with more, the file's negatives are too few to train with."""
TRIES = 20


def fill_missing_negatives(
    pairs: Sequence[Pair], random: np.random.Generator
) -> tuple[list[Pair], tuple[str, ...]]:
    """The pairs, each with a negative if most have some, and what was done in a sentence.

    A batch needs as many negatives of each row. One drawn at random costs nothing: the positives of other rows are
    negatives in the batch anyway.
    """
    lacking = [pair for pair in pairs if not pair.negatives]
    if not lacking or len(lacking) > MOST * len(pairs) or not all(pair.similar for pair in pairs):
        return list(pairs), ()
    answers = answers_of(pairs)
    filled = [
        pair if pair.negatives else _with_negative(pair, pairs, answers[normalise(pair.anchor)], random)
        for pair in pairs
    ]
    note = (
        f"Negatives: {counted(len(lacking), 'row has', 'rows have')} none; each gets the positive "
        "of another row, drawn at random."
    )
    return filled, (note,)


def _with_negative(pair: Pair, pairs: Sequence[Pair], answers: set[str], random: np.random.Generator) -> Pair:
    for index in random.integers(len(pairs), size=TRIES):
        text = pairs[int(index)].positive
        if normalise(text) not in answers:
            return replace(pair, negatives=(text,))
    return pair
