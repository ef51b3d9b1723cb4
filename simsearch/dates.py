"""Read dates in the forms that people write, as periods of time: 2024-05 is all of that month.

A date without a time zone is taken as UTC. 03/04/2024 may be in March or in April, so it is not read as a date, while
25/12/2024 is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONTHS = (
    ("january", "januar", "janvier", "enero"),
    ("february", "februar", "fevrier", "febrero"),
    ("march", "marz", "maerz", "mars", "marzo"),
    ("april", "avril", "abril"),
    ("may", "mai", "mayo"),
    ("june", "juni", "juin", "junio"),
    ("july", "juli", "juillet", "julio"),
    ("august", "aout", "agosto"),
    ("september", "septembre", "septiembre"),
    ("october", "oktober", "octobre", "octubre"),
    ("november", "novembre", "noviembre"),
    ("december", "dezember", "decembre", "diciembre"),
)
"""Names in English, German, French and Spanish, without accents; three letters or more are enough if unique."""

ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
         "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "mez": 1, "mesz": 2}  # fmt: skip
"""Hours east of Greenwich."""

_TIME = re.compile(
    r"(?:t| |, ?| at | um | a )\s*(?P<hour>\d{1,2})"
    r"(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<part>\d+))?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>[a-z]{1,4}|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?)?(?:\s*\(.*\))?$"
)
_WEEKDAY = re.compile(
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\.?,? +(?=\w)"
    r"|(?:mo|di|mi|do|fr|sa|so)(?:ntag|enstag|ttwoch|nnerstag|eitag|mstag|nntag)?\.?,? +(?=\d)"
)
_TIME_BEFORE_YEAR = re.compile(r"([a-z]{3} +\d{1,2})( +\d{1,2}:\d{2}(?::\d{2})?)( +\d{4})(?= |$)")
"""As C's ctime and `git log` write it."""

LONGEST = 60
_FORMS = tuple(
    map(
        re.compile,
        (
            r"(?P<year>\d{4})",
            r"(?P<year>\d{4})(?P<between>[-/])(?P<month>\d{1,2})(?:(?P=between)(?P<day>\d{1,2}))?",
            r"(?P<year>\d{4})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})",
            r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
            r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})",
            r"(?P<one>\d{1,2})(?P<between>[-/])(?P<other>\d{1,2})(?P=between)(?P<year>\d{4})",
            r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?[ -]*(?:of |de )?(?P<name>[a-z]{3,})\.?,?"
            r"[ -]*(?:de )?(?P<year>\d{4})",
            r"(?P<name>[a-z]{3,})\.?[ -]+(?P<day>\d{1,2})(?:st|nd|rd|th)?,? +(?P<year>\d{4})",
            r"(?P<name>[a-z]{3,})\.?,?[ -]+(?P<year>\d{4})",
            r"(?P<year>\d{4})[ -](?P<name>[a-z]{3,})[ -](?P<day>\d{1,2})",
            r"(?P<year>\d{4}) ?[年년] ?(?:(?P<month>\d{1,2}) ?[月월] ?(?:(?P<day>\d{1,2}) ?[日일])?)?",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to, but not including, `end`; both in seconds since 1970 in UTC."""

    start: float
    end: float


def parse_date(text: str) -> Period | None:
    """The period that a text names as a date, with or without a time; None if it is not a date."""
    if len(text) > LONGEST or not any(character.isdigit() for character in text):
        return None
    plain = _TIME_BEFORE_YEAR.sub(r"\1\3\2", _plain(text))
    for form in _FORMS:
        found = form.match(plain)
        if not found:
            continue
        rest = plain[found.end() :]
        time = _TIME.fullmatch(rest) if rest else None
        if rest and time is None:
            continue
        try:
            return _period(found.groupdict(), time.groupdict() if time else {})
        except (ValueError, OverflowError, KeyError):
            continue
    return None


def looks_like_date(text: str) -> bool:
    """Whether a text is written like a date in numbers, even if there is no such day or it has two meanings."""
    return re.match(r"(\d{4}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})([-/tT ,]|$)", text.strip()) is not None


def _plain(text: str) -> str:
    """Without accents, case, and the day of the week."""
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    if any("\u1100" <= character <= "\u11ff" for character in decomposed):
        decomposed = unicodedata.normalize("NFKC", decomposed)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _WEEKDAY.sub("", plain, count=1) if _WEEKDAY.match(plain) else plain


def _period(date: dict[str, str | None], time: dict[str, str | None]) -> Period:
    """Raises ValueError if there is no such day or time, or if it has two meanings."""
    year, month, day = int(date["year"] or 0), _month(date), int(date.get("day") or 0)
    if date.get("one"):
        month, day = _month_and_day(int(date["one"] or 0), int(date["other"] or 0))
    if not time:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        return Period(start.timestamp(), _next(year, month, day).timestamp())
    if not day:
        raise ValueError("a time needs a day")
    start = datetime(
        year, month, day, _hour(time), int(time["minute"] or 0), int(time["second"] or 0), tzinfo=UTC
    )
    fraction = float(f"0.{time['part']}") if time["part"] else 0.0
    smallest = 3600 if time["minute"] is None else 60 if time["second"] is None else 1
    length = 10.0 ** -len(time["part"]) if time["part"] else smallest
    instant = start.timestamp() + fraction - _offset(time["zone"])
    return Period(instant, instant + length)


def _month(date: dict[str, str | None]) -> int:
    """1 to 12; 0 if the date has no month."""
    name = date.get("name")
    if not name:
        return int(date.get("month") or 0)
    months = [i for i, names in enumerate(MONTHS, 1) if any(n.startswith(name) for n in names)]
    if len(months) != 1:
        raise ValueError(f"{name} is not a month")
    return months[0]


def _month_and_day(one: int, other: int) -> tuple[int, int]:
    if one != other and max(one, other) <= 12:
        raise ValueError("day and month may be either way round")
    return min(one, other), max(one, other)


def _next(year: int, month: int, day: int) -> datetime:
    """The first instant after a year, a month or a day."""
    if day:
        return datetime(year, month, day, tzinfo=UTC) + timedelta(days=1)
    if month:
        return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return datetime(year + 1, 1, 1, tzinfo=UTC)


def _hour(time: dict[str, str | None]) -> int:
    hour, half = int(time["hour"] or 0), time["half"]
    if not half:
        if time["minute"] is None and time["zone"] is None and hour > 23:
            raise ValueError("not an hour")
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("not an hour of a 12-hour clock")
    return hour % 12 + (12 if half.startswith("p") else 0)


def _offset(zone: str | None) -> float:
    """Seconds east of Greenwich; 0 without a zone."""
    if not zone:
        return 0.0
    if zone in ZONES:
        return ZONES[zone] * 3600.0
    found = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?", zone)
    if not found:
        raise ValueError(f"{zone} is not a time zone")
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > 15 or minutes > 59:
        raise ValueError(f"{zone} is not a time zone")
    return (hours * 3600.0 + minutes * 60) * (-1 if found[1] == "-" else 1)
