"""Dates and times by number formats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from simsearch_office.sheets.tokens import Token

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_UNITS = re.compile(r"\[h+\]|\[m+\]|\[s+\]|y+|m+|d+|h+|s+|am/pm|a/p", re.IGNORECASE)


def is_date(section: str, tokens: Sequence[Token]) -> bool:
    """Whether a format shows a date or time: it has a letter of one outside of quotes."""
    meaning = "".join(token.text for token in tokens if not token.literal).lower()
    return "general" not in meaning and any(letter in meaning for letter in "ymdhs")


def shown_date(days: float, tokens: Sequence[Token], *, since_1904: bool = False) -> str:
    """A date or time; a number that is not a date is shown as it is."""
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    if not since_1904 and days < 60:
        start += timedelta(days=1)  # the 29th of February 1900 counts, which never was
    try:
        moment = start + timedelta(days=days)
    except OverflowError:
        return str(days)
    pieces = list(_pieces(tokens))
    fraction = _fraction_places(pieces)
    moment = _rounded(moment, fraction)
    return "".join(_shown(pieces, i, moment, days) for i in range(len(pieces))).strip()


def _pieces(tokens: Sequence[Token]) -> Iterator[tuple[str, bool]]:
    """Runs of letters with a meaning, and words to show; neighbouring characters of a kind belong together."""
    run = ""
    for token in tokens:
        if token.literal:
            yield from _split(run)
            run = ""
            yield token.text, True
        else:
            run += token.text
    yield from _split(run)


def _split(run: str) -> Iterator[tuple[str, bool]]:
    end = 0
    for unit in _UNITS.finditer(run):
        if unit.start() > end:
            yield run[end : unit.start()], True
        yield unit[0].lower(), False
        end = unit.end()
    if run[end:]:
        yield run[end:], True


def _fraction_places(pieces: Sequence[tuple[str, bool]]) -> int:
    """Places behind the point of the seconds: `ss.00` has two."""
    for (unit, _), (after, literal) in pairwise(pieces):
        if unit.strip("[]").startswith("s") and literal and (found := re.match(r"\.(0+)", after)):
            return len(found[1])
    return 0


def _rounded(moment: datetime, places: int) -> datetime:
    """Floating-point days are exact to less than a millisecond."""
    step = timedelta(microseconds=10 ** (6 - min(places, 3)))
    since = moment - datetime.min
    return datetime.min + (since + step / 2) // step * step


def _shown(pieces: Sequence[tuple[str, bool]], i: int, moment: datetime, days: float) -> str:
    unit, literal = pieces[i]
    if literal:
        seconds = i > 0 and not pieces[i - 1][1] and pieces[i - 1][0].strip("[]").startswith("s")
        found = re.match(r"\.(0+)", unit) if seconds else None
        return f".{moment:%f}"[: len(found[0])] + unit[found.end() :] if found else unit
    if unit.startswith("["):
        return _elapsed(unit, days)
    if unit.startswith("m") and _is_minute(pieces, i):
        return str(moment.minute).zfill(min(len(unit), 2))
    return _unit(unit, moment, any(p[0].startswith("a") and not p[1] for p in pieces))


def _is_minute(pieces: Sequence[tuple[str, bool]], i: int) -> bool:
    """`m` means minutes next to hours or seconds."""
    units = [p[0].strip("[]") for p in pieces[:i] if not p[1]]
    after = [p[0].strip("[]") for p in pieces[i + 1 :] if not p[1]]
    return bool((units and units[-1].startswith("h")) or (after and after[0].startswith("s")))


def _elapsed(unit: str, days: float) -> str:
    per_day = {"h": 24, "m": 1440, "s": 86400}[unit[1]]
    return str(int(round(days * 86400) / 86400 * per_day + 1e-9)).zfill(len(unit) - 2)


def _unit(unit: str, moment: datetime, twelve: bool) -> str:
    if unit.startswith("y"):
        return f"{moment.year:04}" if len(unit) > 2 else f"{moment.year % 100:02}"
    if unit.startswith("m"):
        name = _MONTHS[moment.month - 1]
        return [str(moment.month), f"{moment.month:02}", name[:3], name, name[:1]][min(len(unit), 5) - 1]
    if unit.startswith("d"):
        name = _DAYS[moment.weekday()]
        return [str(moment.day), f"{moment.day:02}", name[:3], name][min(len(unit), 4) - 1]
    if unit.startswith("h"):
        hour = (moment.hour % 12 or 12) if twelve else moment.hour
        return str(hour).zfill(min(len(unit), 2))
    if unit.startswith("s"):
        return str(moment.second).zfill(min(len(unit), 2))
    half = "AM" if moment.hour < 12 else "PM"
    return half if unit == "am/pm" else half[0]
