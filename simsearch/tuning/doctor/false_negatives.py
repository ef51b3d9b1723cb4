"""Texts that the base model takes for nearly the same, though they answer different questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from simsearch.storage.dense.exact import search_exact
from simsearch.tuning.doctor.findings import Finding, places
from simsearch.tuning.judging.measures import Encode
from simsearch.types import Pair

ALIKE = 0.95
TOKENS = 40_000
"""How much text is embedded for it, which takes some seconds."""


def false_negative_risk(pairs: Sequence[Pair], lengths: Sequence[int], encode: Encode) -> Iterable[Finding]:
    """Rows whose positive the base can hardly tell from another row's.

    Args:
        lengths: Tokens of each positive.
        encode: The base model.
    """
    rows = spread_rows(pairs, lengths)
    documents = list(dict.fromkeys(pair.positive for pair in rows))
    if len(documents) < 2:
        return
    vectors = encode(documents, "document")
    scores, _ = search_exact(vectors, vectors, 2)
    near_duplicates = {text for text, cosines in zip(documents, scores, strict=True) if cosines[1] >= ALIKE}
    found = [pair for pair in rows if pair.positive in near_duplicates]
    if found:
        of = f" of the {len(rows)} looked at" if len(rows) < len(pairs) else ""
        yield Finding(
            f"To the base model, the positives of {len(found)} pairs{of} are nearly the same as another pair's "
            f"(cosine from {ALIKE:g})",
            places(found),
            "In one batch, each is a negative of the other's question. If both answer it, that teaches a mistake.",
            "They are kept; if two mean the same, write one text for both, which keeps them out of one batch.",
            serious=False,
        )


def spread_rows(pairs: Sequence[Pair], lengths: Sequence[int]) -> list[Pair]:
    """Rows spread evenly over the file, of as many tokens as are embedded."""
    share = min(TOKENS / max(sum(lengths), 1), 1.0)
    count = max(int(len(pairs) * share), 1)
    return [pairs[int(i)] for i in np.linspace(0, len(pairs) - 1, count)]
