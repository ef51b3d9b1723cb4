"""Files to pairs, ready to be split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from simsearch.errors import InputError
from simsearch.plugins.registry import Built, Registry
from simsearch.types import Pair, PairReader


def read_pairs(paths: Sequence[Path], registry: Registry, columns: str = "") -> list[Pair]:
    """All pairs of some files, in order.

    Args:
        paths: Each read by the pair reader that accepts its ending.
        columns: Arguments for the pair readers, such as `anchor=question,positive=answer`.

    Raises:
        InputError: A file is missing, empty or of an unknown kind, or a row is no pair.
    """
    pairs = []
    for path in paths:
        if not path.is_file():
            raise InputError(f"{path} is not there." if not path.exists() else f"{path} is not a file.")
        reader = pair_reader(path, registry, columns)
        with reader.guarded():
            found = list(reader.value(path))
        if not all(isinstance(pair, Pair) for pair in found):
            raise reader.blame("gave something else than a Pair")
        if not found:
            raise InputError(f"{path} has no pairs in it; it should hold two texts a row.")
        pairs.extend(found)
    if not columns:
        refuse_swapped_columns(pairs)
    return pairs


def pair_reader(path: Path, registry: Registry, columns: str = "") -> Built[PairReader]:
    """The pair reader for a file's ending."""
    offers = registry.offers("pair_readers")
    for offer in offers:
        if path.name.lower().endswith(offer.component.accepts):
            name = offer.component.name
            return registry.pair_reader(f"{name}:{columns}" if columns else name)
    endings = ", ".join(ending for offer in offers for ending in offer.component.accepts)
    raise InputError(f"{path} is of no kind that a pair reader takes; they take: {endings}.")


def refuse_swapped_columns(pairs: Sequence[Pair]) -> None:
    """Stop where the questions stand in the place of the answers.

    Raises:
        InputError: Nearly all positives end in a question mark, and nearly no anchors.
    """
    anchors, positives = (
        sum(text.rstrip().endswith("?") for text in side) / len(pairs)
        for side in ([pair.anchor for pair in pairs], [pair.positive for pair in pairs])
    )
    if positives > 0.8 and anchors < 0.2:
        first = pairs[0]
        raise InputError(
            f"{first.source}, row {first.row}: the columns look swapped, for {positives:.0%} of the positives are "
            f"questions and {anchors:.0%} of the anchors; put what people ask first, or say that it is right "
            "with --columns anchor=NAME,positive=NAME."
        )


def sample(pairs: Sequence[Pair], limit: int | None, random: np.random.Generator) -> list[Pair]:
    """At most `limit` pairs, drawn without replacement, in their own order."""
    if limit is None or limit >= len(pairs):
        return list(pairs)
    return [pairs[i] for i in np.sort(random.choice(len(pairs), limit, replace=False))]
