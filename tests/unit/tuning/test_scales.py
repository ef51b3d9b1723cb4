"""Scores on any scale that people use are rescaled to 0..1; what shows no scale is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.tuning.pairs.scales import Scale, scale_of


@pytest.mark.parametrize(
    ("scores", "scale"),
    [
        ([0.0, 1.0, 0.0], Scale(0, 1)),
        ([0.2, 0.9], Scale(0, 1)),
        ([-1.0, 1.0, 1.0], Scale(-1, 1)),
        ([1, 2, 5, 4, 3], Scale(1, 5)),
        ([0, 2.5, 4.8, 1.2], Scale(0, 5)),
        ([1.3, 4.7, 3.2], Scale(1, 5)),
        ([0, 1, 2, 3], Scale(0, 3)),
        ([0, 7, 10], Scale(0, 10)),
        ([12, 55, 97.5], Scale(0, 100)),
        ([0.3] * 99 + [1.5], None),
        ([1, 2, 1, 2], None),
        ([-3, 2, 4], None),
        ([25.3, 3.0, 11.7], None),
        ([5, 120, 700], None),
    ],
)
def test_the_scale(scores: list[float], scale: Scale | None) -> None:
    assert scale_of(scores) == scale


@given(st.lists(st.floats(-200, 200), min_size=1))
def test_a_scale_holds_all_its_scores(scores: list[float]) -> None:
    scale = scale_of(scores)
    assert scale is None or all(scale.low <= score <= scale.high for score in scores)
