"""Scores that the base model contradicts: they may be the wrong way round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt

import numpy as np

from simsearch.tuning.doctor.false_negatives import spread_rows
from simsearch.tuning.doctor.findings import Finding
from simsearch.tuning.judging.measures import Encode
from simsearch.types import SIMILAR_SCORE, Pair

FEWEST = 8
ERRORS = 3
"""Standard errors that the order must be off by: chance does it once in a thousand files."""


def contradicted_scores(pairs: Sequence[Pair], lengths: Sequence[int], encode: Encode) -> Iterable[Finding]:
    """Whether pairs scored below 0.5 are nearer to the base than those above (Mann and Whitney 1947,
    doi:10.1214/aoms/1177730491).

    Args:
        lengths: Tokens of both sides of each pair.
        encode: The base model.
    """
    rows = [pair for pair in spread_rows(pairs, lengths) if pair.score is not None]
    alike = np.array([pair.score is not None and pair.score >= SIMILAR_SCORE for pair in rows], dtype=bool)
    count, others = int(alike.sum()), int((~alike).sum())
    if min(count, others) < FEWEST:
        return
    anchors = encode([pair.anchor for pair in rows], "query")
    positives = encode([pair.positive for pair in rows], "document")
    cosines = np.einsum("nd,nd->n", anchors, positives)
    nearer = float((cosines[alike][:, None] > cosines[~alike]).mean())
    if nearer + ERRORS * sqrt((count + others + 1) / (12 * count * others)) < 0.5:
        yield Finding(
            f"The base model finds what is scored below {SIMILAR_SCORE:g} nearer than what is scored above, in "
            f"{1 - nearer:.0%} of all comparisons",
            (),
            "The scores may be reversed, as distances are, and the test set would be wrong, too.",
            "Nothing is promoted; if the scores are right, use --promote always.",
            decisive=True,
        )
