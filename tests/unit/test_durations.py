"""Durations as people write them."""

import pytest

from simsearch import InputError
from simsearch.durations import parse_duration


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("10m", 600), ("1.5h", 5400), ("45", 45)])
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text, "--budget") == seconds


@pytest.mark.parametrize("text", ["", "0m", "ten minutes", "-5m", "5 d"])
def test_a_text_that_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=f"^--budget {text} is .*; write it as 90s, 10m or 1h"):
        parse_duration(text, "--budget")
