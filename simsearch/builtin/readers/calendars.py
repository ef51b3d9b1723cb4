"""Calendars (.ics, RFC 5545) and contacts (.vcf, RFC 6350 and vCard 2.1): the parts that people read."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from simsearch import Document, Heading, UnreadableFile
from simsearch.decoding import decode_with_notices
from simsearch.wording import counted

_FOLD = re.compile(r"\r?\n[ \t]")
_PROPERTY = re.compile(
    r"(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<parameters>(?:;(?:[^\":;]|\"[^\"]*\")*)*):(?P<value>.*)", re.DOTALL
)
_COMMON_NAME = re.compile(r";CN=(?:\"([^\"]*)\"|([^;:]*))", re.IGNORECASE)
_CHARSET = re.compile(r";CHARSET=([\w.-]+)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([nN,;\\:\"])")
_FILE = re.compile(r"data:[\w.+-]+/[\w.+-]+[;,]", re.IGNORECASE)
_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d)(?::?\d\d)?Z?)?")

TITLES = ("SUMMARY", "FN", "X-WR-CALNAME", "NAME")
DATES = (
    "DTSTART", "DTEND", "DUE", "COMPLETED", "RECURRENCE-ID", "EXDATE", "RDATE", "BDAY", "ANNIVERSARY", "DEATHDATE",
)  # fmt: skip
"""Properties whose values are dates; others say it with VALUE=DATE."""

FILES = ("ATTACH", "PHOTO", "LOGO", "SOUND", "KEY", "IMAGE")
"""Properties whose values can be whole files."""

STRUCTURED = ("N", "ADR", "ORG", "GENDER")
"""Values of several parts, separated by semicolons."""

UNSEEN = (
    "BEGIN", "END", "VERSION", "PRODID", "UID", "DTSTAMP", "SEQUENCE", "CALSCALE", "METHOD", "TRANSP", "CLASS",
    "CREATED", "LAST-MODIFIED", "REV", "RRULE", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "TRIGGER", "ACTION", "X-ALT-DESC",
    "PHOTO", "LOGO", "SOUND", "KEY",
)  # fmt: skip
"""What programs write for programs."""


@dataclass(frozen=True, slots=True)
class _Property:
    """A line of a calendar or a contact, its value decoded."""

    name: str
    value: str
    common_name: str = ""
    is_date: bool = False
    is_file: bool = False


def read_calendar(path: Path, content: bytes) -> Iterator[Document]:
    """The events and tasks of a calendar, a heading each."""
    yield _read(content, "BEGIN:VCALENDAR", "not a calendar")


def read_contacts(path: Path, content: bytes) -> Iterator[Document]:
    """Contacts, a heading each."""
    yield _read(content, "BEGIN:VCARD", "not a contact")


def calendar_text(text: str) -> str:
    """The text of a calendar."""
    return _document(text).text


contacts_text = calendar_text


def _read(content: bytes, beginning: str, otherwise: str) -> Document:
    text, notices = decode_with_notices(content)
    if beginning not in text.upper():
        raise UnreadableFile(f"{otherwise}: it has no line '{beginning}'")
    document = _document(text)
    return replace(document, notices=(*notices, *document.notices))


def _document(source: str) -> Document:
    text, headings = "", []
    properties = list(_properties(source))
    for component in _components(properties):
        title = next((one.value for name in TITLES for one in component if one.name == name), "")
        lines = [title, *(line for one in component if (line := _line(one)) and line != title)]
        block = "\n".join(filter(None, lines))
        if not block:
            continue
        text += "\n\n" if text else ""
        if title:
            headings.append(Heading(len(text), 1, " ".join(title.split())))
        text += block
    files = sum(one.is_file for one in properties)
    notices = (f"left out: {counted(files, 'picture or file', 'pictures or files')}",) if files else ()
    title = headings[0].text if headings else ""
    return Document(text, title=title, headings=tuple(headings), notices=notices)


def _components(properties: Iterable[_Property]) -> Iterator[list[_Property]]:
    """The properties of each event, task, contact and so on; those of an alarm are its event's."""
    current: list[_Property] = []
    for one in properties:
        if one.name in ("BEGIN", "END") and one.value.upper() not in ("VALARM", "STANDARD", "DAYLIGHT"):
            yield current
            current = []
        current.append(one)
    yield current


def _properties(source: str) -> Iterator[_Property]:
    """The properties in order; a line that is not one is a value without a name, so that nothing is lost."""
    lines = iter(_FOLD.sub("", source).splitlines())
    for line in lines:
        if "QUOTED-PRINTABLE" in line.partition(":")[0].upper():
            while line.endswith("="):
                line = f"{line[:-1]}{next(lines, '').lstrip()}"
        found = _PROPERTY.fullmatch(line)
        if found is None:
            yield _Property("", line.strip())
            continue
        name, parameters, value = found["name"].upper(), found["parameters"], found["value"]
        if "ENCODING=B" in parameters.upper() or (name in FILES and _FILE.match(value)):
            yield _Property(name, "", is_file=True)
            continue
        named = _COMMON_NAME.search(parameters)
        yield _Property(
            name,
            _decoded(name, parameters, value),
            (named[1] or named[2]) if named else "",
            name in DATES or ";VALUE=DATE" in parameters.upper(),
        )


def _decoded(name: str, parameters: str, value: str) -> str:
    if "QUOTED-PRINTABLE" in parameters.upper():
        charset = _CHARSET.search(parameters)
        value = decode_with_notices(
            quopri.decodestring(value.encode()), declared=charset[1] if charset else ""
        ).text
    if name in STRUCTURED:
        parts = [part for part in re.split(r"(?<!\\);", value) if part]
        value = (" " if name == "N" else ", ").join(parts[::-1] if name == "N" else parts)
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _line(one: _Property) -> str:
    if one.name in UNSEEN or not one.value:
        return ""
    if one.name in ("DESCRIPTION", "NOTE", "COMMENT", ""):
        return one.value
    if one.name in TITLES:
        return one.value
    value = one.value.removeprefix("mailto:").removeprefix("MAILTO:")
    time = _TIME.fullmatch(value) if one.is_date else None
    if time:
        value = f"{time[1]}-{time[2]}-{time[3]}" + (f" {time[4]}:{time[5]}" if time[4] else "")
    label = one.name.removeprefix("X-").replace("-", " ").capitalize()
    return f"{label}: {one.common_name} {value}" if one.common_name else f"{label}: {value}"
