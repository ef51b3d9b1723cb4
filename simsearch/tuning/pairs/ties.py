"""What ties pairs together, if too many are tied to be split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from simsearch.grouping import FEWEST_GROUPS, grouping_columns, related_rows, tying_texts
from simsearch.near_duplicates import connected, near_duplicates, normalise
from simsearch.plugins.component_strings import split_component
from simsearch.types import Pair

MOST = 0.5
"""Share of the pairs that something must tie together to be the cause."""
FEWEST = 12
"""Fewer pairs are too few whatever ties them."""
SHOWN = 50


def find_tie(pairs: Sequence[Pair], splitter: str) -> str:
    """The likeliest reason why a splitter leaves too few pairs on a side, as a sentence; empty if there is none.

    Args:
        splitter: Its component string.
    """
    name, arguments = split_component(splitter)
    if len(pairs) < FEWEST or name != "grouped":
        return ""
    return next(_ties(pairs, arguments.get("by", "")), "")


def _ties(pairs: Sequence[Pair], by: str) -> Iterator[str]:
    for side in ("anchor", "positive"):
        text, count = Counter(normalise(getattr(pair, side)) for pair in pairs).most_common(1)[0]
        if count > MOST * len(pairs):
            yield f"{count} of the {len(pairs)} pairs have the same {side}, '{text[:SHOWN]}', and are kept in one set."
    for column in grouping_columns(pairs, by):
        values = {str(pair.columns.get(column)) for pair in pairs}
        if len(values) < FEWEST_GROUPS:
            yield (
                f"Rows with the same value in the column '{column}' are kept in one set, and it has only {len(values)} "
                "values; if they don't name related rows, rename the column."
            )
    texts = sorted({text for text, _ in tying_texts(pairs)})
    largest = max(connected(len(texts), near_duplicates(texts)), key=len)
    if len(largest) > MOST * len(texts) / 2:
        one, other = (texts[place][:SHOWN] for place in largest[:2])
        yield f"{len(largest)} texts are near-duplicates, such as '{one}' and '{other}', and are kept in one set."
    related = max(map(len, related_rows(pairs, by)))
    if related > MOST * len(pairs):
        yield f"{related} of the {len(pairs)} pairs are related by texts that they share, and are kept in one set."
