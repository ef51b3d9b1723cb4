"""Dates in the forms that people write."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simsearch.dates import Period, looks_like_date, parse_date

DAY = datetime(2024, 3, 9, tzinfo=UTC).timestamp()
WHOLE_DAY = Period(DAY, DAY + 86_400)


@pytest.mark.parametrize(
    "text",
    ["2024-03-09", "2024-3-9", "2024/03/09", "2024.03.09", "20240309",
     "09.03.2024", "9. 3. 2024", "9 March 2024", "Mar 9, 2024",
     "March 9th, 2024", "9th of March 2024", "9-Mar-2024", "9. März 2024", "9. Ma\u0308rz 2024", "9 mars 2024",
     "9 de marzo de 2024", "2024年3月9日", "2024년 3월 9일", "Saturday, 9 March 2024", "Samstag, 9.3.2024"],
)  # fmt: skip
def test_a_day_in_many_forms(text: str) -> None:
    assert parse_date(text) == WHOLE_DAY


@pytest.mark.parametrize(
    "text",
    ["", "v1.2", "1.2.3", "2020.5", "12",
     "2024-13-01", "2024-02-30", "03/04/2024", "2024-03-09x", "2024-03-09 25:00", "may",
     "marvel 2024", "9999", "2024-03-09T10:00+99:00", "10:00", "1" * 5000, "2024 2024"],
)  # fmt: skip
def test_what_is_not_a_date(text: str) -> None:
    assert parse_date(text) is None


def test_a_day_that_may_be_another_is_seen_as_such() -> None:
    assert parse_date("25/12/2024") == parse_date("12/25/2024") == parse_date("2024-12-25")
    assert looks_like_date("03/04/2024") and looks_like_date("2024-13-01") and not looks_like_date("lang-en")


zones = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
moments = st.datetimes(datetime(1000, 1, 2), datetime(9990, 1, 1), timezones=zones).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(moments)
def test_a_moment_is_the_same_in_every_form_and_zone(moment: datetime) -> None:
    instant = Period(moment.timestamp(), moment.timestamp() + 1)
    for text in (
        moment.isoformat(),
        moment.isoformat(" "),
        moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        moment.strftime("%Y%m%dT%H%M%S%z").zfill(20),
        format_datetime(moment),
        moment.astimezone(UTC).replace(tzinfo=None).isoformat(),
    ):
        assert parse_date(text) == instant, text


@given(st.dates())
def test_a_month_is_all_of_its_days(day: object) -> None:
    text = str(day)
    whole, month, year = parse_date(text), parse_date(text[:7]), parse_date(text[:4])
    assert whole is not None or text.startswith("9999-12")
    if whole and month and year:
        assert year.start <= month.start <= whole.start < whole.end <= month.end <= year.end


@given(st.text() | st.text("0123456789-/.: TZ+apmfebmarmay", max_size=30))
@example("２０２４-03-09")
def test_any_text_is_a_date_or_none(text: str) -> None:
    period = parse_date(text)
    assert period is None or period.start < period.end
