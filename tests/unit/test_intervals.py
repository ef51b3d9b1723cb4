"""The quantiles of Student's t distribution, which decide how wide intervals of few questions are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, stdtrit

from simsearch.intervals import _expand_tail


@given(count=st.integers(2, 5000), tail=st.floats(1e-5, 0.49))
def test_the_expanded_tail_is_that_of_scipy(count: int, tail: float) -> None:
    student = stdtrit(count - 1, tail)
    expected = ndtr(math.sqrt(count / (count - 1)) * student)
    assert _expand_tail(tail, count) == pytest.approx(expected, rel=1e-6, abs=1e-12)
