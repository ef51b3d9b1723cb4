"""Pairs into the part that trains, the part that chooses the checkpoint, and the part that judges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simsearch.errors import InputError
from simsearch.grouping import grouping_columns
from simsearch.near_duplicates import normalise
from simsearch.plugins.component_strings import split_component
from simsearch.plugins.registry import Built
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.pairs.ties import find_tie
from simsearch.types import Pair, Split, Splitter

FEWEST_TRAIN = 8
FEWEST_TEST = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts.

    Args:
        overlapping: Rows left out of training because the test file holds one of their texts.
        tested: Rows left out of training because an earlier run was judged on them.
    """

    train: tuple[Pair, ...]
    dev: tuple[Pair, ...]
    test: tuple[Pair, ...]
    overlapping: int = 0
    tested: int = 0


def divide(
    pairs: Sequence[Pair],
    splitter: Built[Splitter],
    random: np.random.Generator,
    ledger: TestLedger,
    test_file: Sequence[Pair] | None = None,
    left_out: Iterable[str] = (),
) -> Parts:
    """Divide the pairs; with a test file of its own they only train and choose.

    Args:
        left_out: What was left out of the pairs before, a sentence each; read only for an error.

    Raises:
        InputError: There are too few pairs for a part that is needed.
        PluginError: The splitter broke its contract.
    """
    split = checked_split(pairs, splitter, random)
    train, dev, test = ([pairs[i] for i in rows] for rows in (split.train, split.dev, split.test))
    overlapping = 0
    if test_file is not None:
        seen = {normalise(text) for pair in test_file for text in (pair.anchor, pair.positive)}
        train, dropped_train = _without_texts([*train, *test], seen)
        dev, dropped_dev = _without_texts(dev, seen)
        test, overlapping = list(test_file), dropped_train + dropped_dev
    before = len(train) + len(dev)
    train, dev = ([pair for pair in part if not ledger.tested(pair)] for part in (train, dev))
    parts = Parts(tuple(train), tuple(dev), tuple(test), overlapping, before - len(train) - len(dev))
    refuse_too_few(pairs, splitter.spec, parts, left_out)
    return parts


def columns_used(splitter: str, pairs: Sequence[Pair]) -> set[str]:
    """The columns that a built-in splitter reads.

    Args:
        splitter: Its component string.
    """
    name, arguments = split_component(splitter)
    if name == "grouped":
        return set(grouping_columns(pairs, arguments.get("by", "")))
    if name == "column":
        return {arguments.get("name", "split")}
    return {arguments.get("by", "label")} if name == "stratified" else set()


def checked_split(pairs: Sequence[Pair], splitter: Built[Splitter], random: np.random.Generator) -> Split:
    """What the splitter returns: disjoint int64 arrays that together name every pair once."""
    with splitter.guarded():
        split = splitter.value(pairs, random)
    if not isinstance(split, Split):
        raise splitter.blame(f"gave a {type(split).__name__}, not a Split")
    parts = [np.asarray(part) for part in (split.train, split.dev, split.test)]
    if any(part.dtype.kind not in "iu" and part.size for part in parts):
        raise splitter.blame("gave parts that are not arrays of int64")
    rows = np.sort(np.concatenate([part.astype(np.int64) for part in parts]))
    if not np.array_equal(rows, np.arange(len(pairs))):
        raise splitter.blame(f"did not name each of the {len(pairs)} pairs exactly once")
    return split


def refuse_too_few(pairs: Sequence[Pair], spec: str, parts: Parts, left_out: Iterable[str] = ()) -> None:
    """Stop if a set is too small to mean anything; the message names what ties the pairs together.

    Raises:
        InputError: It is.
    """
    if len(parts.train) < FEWEST_TRAIN or len(parts.test) < FEWEST_TEST:
        reasons = " ".join([*left_out, find_tie(pairs, spec)]).strip()
        raise InputError(
            f"Too few pairs to split: of {len(pairs)}, '{spec}' puts {len(parts.train)} in the train set and "
            f"{len(parts.test)} in the test set. {reasons}{' ' if reasons else ''}It needs at least {FEWEST_TRAIN} and "
            f"{FEWEST_TEST} that share no text and were not tested on before, and a few hundred to show a gain."
        )


def _without_texts(pairs: Sequence[Pair], seen: set[str]) -> tuple[list[Pair], int]:
    kept = [pair for pair in pairs if not {normalise(pair.anchor), normalise(pair.positive)} & seen]
    return kept, len(pairs) - len(kept)
