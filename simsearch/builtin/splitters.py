"""Built-in splitters: which pairs train, which choose the checkpoint, which judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simsearch import Component, InputError, hookimpl
from simsearch.grouping import related_rows
from simsearch.near_duplicates import NEAR_DUPLICATE, normalise

if TYPE_CHECKING:
    import numpy as np

    from simsearch.types import Pair, Split, Splitter

SIDES = {"train": 0, "dev": 1, "validation": 1, "valid": 1, "val": 1, "test": 2, "eval": 2}


@hookimpl
def simsearch_splitters() -> list[Component]:
    return [
        Component(
            "grouped",
            "Equal texts, near-duplicates and groups stay in one set; the same in every run",
            grouped,
        ),
        Component(
            "random", "A random permutation cut into two or three sets (repeated texts leak)", random_split
        ),
        Component("column", "The file's own column says train, dev or test", column),
        Component("stratified", "Random, with each class in the same proportion in every set", stratified),
    ]


def grouped(test: float = 0.2, dev: float = 0.1, by: str = "", similar: float = NEAR_DUPLICATE) -> Splitter:
    """Whole groups go to one set, chosen by a hash of the group that doesn't depend on the run.

    Args:
        test: Share of groups in the test set.
        dev: Share of groups in the dev set, which chooses the checkpoint.
        by: A column whose equal values hold rows together; by default `group`, and `source` where it has
            enough values to be divided (20).
        similar: Jaccard index from which two texts count as near-duplicates.

    A pair scored below 0.5 stays with its anchor alone: unlike texts would tie everything together.
    """
    _check_shares("grouped", test, dev)

    def split(pairs: Sequence[Pair], random: np.random.Generator) -> Split:
        sides = []
        rows = []
        for group in related_rows(pairs, by, similar):
            place = _place(pairs, group)
            sides.extend([2 if place < test else 1 if place < test + dev else 0] * len(group))
            rows.extend(group)
        return _split(rows, sides)

    return split


def random_split(test: float = 0.2, dev: float = 0.0) -> Splitter:
    """Every pair gets its set by chance alone.

    Args:
        test: Share of pairs in the test set.
        dev: Share of pairs in the dev set, which chooses the checkpoint; 0 keeps the last one.
    """
    _check_shares("random", test, dev)

    def split(pairs: Sequence[Pair], random: np.random.Generator) -> Split:
        return _cut(random.permutation(len(pairs)).tolist(), test, dev)

    return split


def column(name: str = "split") -> Splitter:
    """The file decides: train, dev (validation) or test in the column `name`."""

    def split(pairs: Sequence[Pair], random: np.random.Generator) -> Split:
        sides = []
        for pair in pairs:
            said = str(pair.columns.get(name, "")).strip().lower()
            if said not in SIDES:
                raise InputError(
                    f"the column '{name}' says '{said}'; it should say train, dev or test.",
                    path=pair.source,
                    row=pair.row,
                )
            sides.append(SIDES[said])
        return _split(range(len(pairs)), sides)

    return split


def stratified(by: str = "label", test: float = 0.2, dev: float = 0.1) -> Splitter:
    """Random within each class, so that every set has the classes in proportion.

    Args:
        by: The column that names the class; `score` stands for the pair's own score.
        test: Share of each class in the test set.
        dev: Share of each class in the dev set, which chooses the checkpoint.
    """
    _check_shares("stratified", test, dev)

    def split(pairs: Sequence[Pair], random: np.random.Generator) -> Split:
        classes = defaultdict(list)
        for index, pair in enumerate(pairs):
            value = pair.score if by == "score" else pair.columns.get(by)
            if value is None:
                raise InputError(
                    f"there is no value for '{by}' to stratify by.", path=pair.source, row=pair.row
                )
            classes[str(value)].append(index)
        # Ranks within the class, spread over 0..1, order all rows so that every cut takes its share of each.
        ranked: list[tuple[float, int]] = []
        for members in classes.values():
            order = random.permutation(len(members))
            ranked.extend(((place + 0.5) / len(members), members[i]) for place, i in enumerate(order))
        return _cut([index for _, index in sorted(ranked)], test, dev)

    return split


def _place(pairs: Sequence[Pair], group: Sequence[int]) -> float:
    """A group's position in 0 to 1: the lowest hash of its texts, hashed again so that positions are uniform."""
    import hashlib

    lowest = min(
        hashlib.sha256(normalise(text).encode()).digest()
        for i in group
        for text in (pairs[i].anchor, pairs[i].positive)
    )
    return int.from_bytes(hashlib.sha256(lowest).digest()[:8]) / 2**64


def _cut(order: Sequence[int], test: float, dev: float) -> Split:
    """The first share of an order judges, the next chooses, the rest trains."""
    tests, devs = round(len(order) * test), round(len(order) * dev)
    sides = [2] * tests + [1] * devs + [0] * (len(order) - tests - devs)
    return _split(order, sides)


def _split(rows: Sequence[int], sides: Sequence[int]) -> Split:
    import numpy as np

    from simsearch.types import Split

    order, where = np.asarray(rows, dtype=np.int64), np.asarray(sides)
    train, dev, test = (np.sort(order[where == side]) for side in range(3))
    return Split(train, dev, test)


def _check_shares(name: str, test: float, dev: float) -> None:
    if not (0 <= test < 1 and 0 <= dev < 1 and test + dev < 1):
        raise InputError(f"'{name}' needs test and dev of 0 or more, and both must leave pairs to train on.")
