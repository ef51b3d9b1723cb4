"""Too few pairs: the cause is named; and rows without negatives do not cost the others theirs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from simsearch.tuning.pairs.negatives import fill_missing_negatives
from simsearch.tuning.pairs.ties import find_tie
from simsearch.types import Pair

COUNT = 24


def pairs(anchor: str = "", positive: str = "", columns: Mapping[str, str] | None = None) -> list[Pair]:
    words = [f"{chr(97 + i) * 6} {i**3}" for i in range(COUNT)]
    return [
        Pair(anchor or f"ask {word}", positive or f"tell {word[::-1]}", columns=columns or {}, row=i + 1)
        for i, word in enumerate(words)
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (pairs(anchor="How do I start?"), "24 of the 24 pairs have the same anchor, 'how do i start?'"),
        (pairs(positive="See the manual."), "24 of the 24 pairs have the same positive, 'see the manual.'"),
        (
            pairs(columns={"group": "a"}),
            "in the column 'group' are kept in one set, and it has only 1 values",
        ),
        (
            [
                Pair(
                    f"how do I order the new yellow badge for the visitors of the annual meeting, item {i}",
                    f"reply {i**7}",
                )
                for i in range(COUNT)
            ],
            "texts are near-duplicates, such as 'how do i order",
        ),
    ],
)
def test_what_ties_pairs_together_is_named(given: list[Pair], said: str) -> None:
    assert said in find_tie(given, "grouped")
    assert find_tie(given, "random") == ""


def test_unrelated_pairs_are_not_tied() -> None:
    assert find_tie(pairs(), "grouped") == ""


def test_a_row_without_negatives_gets_the_positive_of_another_row() -> None:
    given = [Pair(f"q{i}", f"p{i}", negatives=("n",) if i else ()) for i in range(8)]
    filled, (note,) = fill_missing_negatives(given, np.random.default_rng(0))
    assert filled[1:] == given[1:]
    assert filled[0].negatives[0] in {f"p{i}" for i in range(1, 8)}
    assert "1 row has none" in note


def test_negatives_of_few_rows_or_of_scored_pairs_stay_as_they_are() -> None:
    few = [Pair(f"q{i}", f"p{i}", negatives=() if i else ("n",)) for i in range(8)]
    scored = [Pair(f"q{i}", f"p{i}", negatives=("n",) if i else (), score=i % 2) for i in range(8)]
    for given in (few, scored):
        assert fill_missing_negatives(given, np.random.default_rng(0)) == (given, ())
