"""The temporal splitter: nothing that trains is younger than what judges."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch import InputError, Pair, Split
from simsearch.plugins.registry import Registry
from simsearch.testing import SplitterContract

REGISTRY = Registry.load(only=["simsearch-temporal"])
DATES = st.dates(date(2020, 1, 1), date(2020, 3, 1))


class TestContract(SplitterContract):
    spec = "temporal"


class TestContractWithoutDev(SplitterContract):
    spec = "temporal:dev=0,test=0.5"


def split(spec: str, dates: list[object], column: str = "date") -> Split:
    pairs = [
        Pair("a", "b", columns={column: value}, source="pairs.csv", row=row)
        for row, value in enumerate(dates, 2)
    ]
    return REGISTRY.splitter(spec).value(pairs, np.random.default_rng(0))


@given(st.lists(DATES, min_size=2, max_size=60).filter(lambda dates: len(set(dates)) > 1))
def test_each_part_is_younger_than_the_one_before(dates: list[date]) -> None:
    parts = split("temporal", [day.isoformat() for day in dates])
    train, dev, test = ([dates[row] for row in part] for part in (parts.train, parts.dev, parts.test))
    assert train and test
    assert max(train) < min(dev + test)
    assert not dev or max(dev) < min(test)


def test_the_shares_are_exact_where_dates_are_distinct() -> None:
    days = [(date(2024, 1, 1) + timedelta(days=day)).isoformat() for day in range(100)]
    parts = split("temporal", list(reversed(days)))
    assert [len(part) for part in (parts.train, parts.dev, parts.test)] == [70, 10, 20]
    assert parts.test.tolist() == list(reversed(range(20)))


def test_one_date_is_never_divided() -> None:
    days = ["2024-01-01"] * 5 + ["2024-01-02"] * 90 + ["2024-01-03"] * 5
    parts = split("temporal", list(days))
    assert [len(part) for part in (parts.train, parts.dev, parts.test)] == [95, 0, 5]


def test_dates_may_be_objects_times_or_written_in_another_way() -> None:
    zoned = datetime(2024, 1, 1, 23, tzinfo=UTC)
    parts = split("temporal:dev=0,test=0.4", ["2024-01-01T22:00", date(2024, 1, 3), zoned])
    assert (parts.train.tolist(), parts.test.tolist()) == ([0, 2], [1])
    parts = split("temporal:column=asked,format=%d/%m/%Y,dev=0", ["02/01/2023", "01/02/2023"], column="asked")
    assert (parts.train.tolist(), parts.test.tolist()) == ([0], [1])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", r"pairs.csv, row 3: 'date' is '', which is not a date in ISO 8601 format \(2024-05-31\)\."),
        ("31.5.2024", r"pairs.csv, row 3: 'date' is '31.5.2024', which is not a date"),
        (None, r"pairs.csv, row 3: 'date' is None, which is not a date"),
        (20240531, r"pairs.csv, row 3: 'date' is 20240531, which is not a date"),
    ],
)
def test_a_bad_date_is_named_with_file_and_row(value: object, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        split("temporal", ["2024-01-01", value])


def test_a_missing_column_is_named_with_those_there_are() -> None:
    with pytest.raises(
        InputError, match="row 2: there is no column 'day' to split by; the columns are: date"
    ):
        split("temporal:column=day", ["2024-01-01"])


def test_a_format_that_doesnt_fit_is_named() -> None:
    with pytest.raises(InputError, match="is not a date written as %d/%m/%Y"):
        split("temporal:format=%d/%m/%Y", ["2024-01-01"])


@pytest.mark.parametrize("dates", [[], ["2024-01-01"], ["2024-01-01"] * 9])
def test_fewer_than_two_dates_are_refused(dates: list[object]) -> None:
    with pytest.raises(InputError, match="finds fewer than two dates in the column 'date'"):
        split("temporal", dates)


@pytest.mark.parametrize("arguments", ["test=0", "test=0.5,dev=0.5", "dev=-0.1", "test=1.5"])
def test_shares_that_leave_nothing_are_refused(arguments: str) -> None:
    with pytest.raises(InputError, match="leave pairs to train on"):
        REGISTRY.splitter(f"temporal:{arguments}")
