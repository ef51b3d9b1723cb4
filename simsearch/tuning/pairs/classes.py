"""Pairs from texts with labels: after they are divided, every text of a part can meet every other of its class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simsearch.types import Pair

FEWEST_CLASSES = 16
"""With fewer, a batch that holds a class once has too few negatives to learn from."""


def labelled(pairs: Sequence[Pair]) -> bool:
    """Whether pairs stand for classes."""
    return bool(pairs) and all(pair.label is not None for pair in pairs)


def classes_of(pairs: Sequence[Pair]) -> list[str]:
    return list(dict.fromkeys(pair.label for pair in pairs if pair.label is not None))


def texts_by_class(pairs: Sequence[Pair]) -> dict[str, list[str]]:
    """The distinct texts of each class; one that several classes claim is in none, because it would be wrong in one."""
    texts: dict[str, dict[str, None]] = {}
    for pair in pairs:
        if pair.label is not None:
            texts.setdefault(pair.label, {}).update({pair.anchor: None, pair.positive: None})
    claims = Counter(text for members in texts.values() for text in members)
    return {label: [text for text in members if claims[text] == 1] for label, members in texts.items()}


def ringed(pairs: Sequence[Pair]) -> list[Pair]:
    """Each text of a class with the next one, the last with the first; two texts make one pair."""
    firsts = {pair.label: pair for pair in pairs}
    return [
        replace(firsts[label], anchor=text, positive=members[(i + 1) % len(members)])
        for label, members in texts_by_class(pairs).items()
        for i, text in enumerate(members if len(members) > 2 else members[: len(members) - 1])
    ]


def contrasted(pairs: Sequence[Pair], random: np.random.Generator) -> list[Pair]:
    """The ring, scored 1, and as many pairs of two classes, scored 0."""
    alike = [replace(pair, score=1.0) for pair in ringed(pairs)]
    order = random.permutation(len(alike))
    others = [alike[i] for i in order]
    unlike = [
        replace(pair, positive=other.positive, score=0.0, label=None)
        for pair, other in zip(alike, others, strict=True)
        if pair.label != other.label
    ]
    return [*alike, *unlike]
