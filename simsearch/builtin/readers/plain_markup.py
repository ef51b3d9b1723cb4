"""Headings and fields of Org and AsciiDoc, whose text is the file itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from simsearch import Heading
from simsearch.builtin.readers.front_matter import FrontMatter
from simsearch.builtin.readers.markup import LONGEST_TITLE, line_starts

_ORG_HEADING = re.compile(
    r"(\*+)[ \t]+(?:(?:TODO|DONE|NEXT|WAITING|HOLD|CANCELL?ED|STARTED|SOMEDAY|PROJ|WAIT|KILL)[ \t]+)?"
    r"(?:\[#\w\][ \t]+)?(.*?)(?:[ \t]+(:[\w@#%:]+:))?[ \t]*$"
)
_ORG_FIELD = re.compile(
    r"[ \t]*#\+(title|subtitle|author|date|filetags|keywords|description|language):[ \t]*(.*?)[ \t]*$",
    re.IGNORECASE,
)
_ORG_BLOCK = re.compile(r"[ \t]*#\+(begin|end)_(\w+)", re.IGNORECASE)
_ORG_LINK = re.compile(r"\[\[[^\]]*\]\[([^\]]*)\]\]|\[\[([^\]]*)\]\]")

_ADOC_HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?[ \t]*$")
_ADOC_FENCE = re.compile(r"(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|`{3,}|\|={3,})[ \t]*$")
_ADOC_UNDERLINE = re.compile(r"([=\-~^+])\1+[ \t]*$")
_ADOC_FIELD = re.compile(r":([\w-]+):(?:[ \t]+(.*?))?[ \t]*$")
_ADOC_AUTHOR = re.compile(r"[^\W\d_][\w.'-]*(?:[ \t]+[\w.'-]+){0,3}(?:[ \t]+<[^>]+>)?(?:;.*)?$")
UNDERLINES = "=-~^+"
VERBATIM = "-.+/`"
"""Fences of AsciiDoc whose lines are not markup."""


def org_headings(text: str) -> tuple[Heading, ...]:
    """Headlines of Org, without their states, priorities and tags."""
    return tuple(_org_headings(text))


def _org_headings(text: str) -> Iterator[Heading]:
    block = ""
    for start, line in _lines(text):
        if found := _ORG_BLOCK.match(line):
            block = found[2].lower() if found[1].lower() == "begin" else ""
        elif not block and (found := _ORG_HEADING.match(line)) and found[2]:
            yield Heading(start, len(found[1]), _ORG_LINK.sub(lambda link: link[1] or link[2], found[2]))


def org_fields(text: str) -> FrontMatter:
    """What an Org file says of itself: `#+TITLE:`, `#+FILETAGS:` and the like."""
    found: dict[str, Any] = {}
    for _, line in _lines(text):
        field = _ORG_FIELD.match(line)
        if field and field[2]:
            name, value = field[1].lower(), field[2]
            if name == "filetags":
                found["tags"] = [tag for tag in re.split(r"[:\s]+", value) if tag]
            else:
                found[name] = f"{found[name]} {value}" if name in found else value
    return FrontMatter(found)


def asciidoc_headings(text: str) -> tuple[Heading, ...]:
    """Section titles of AsciiDoc, of one line or underlined."""
    return tuple(_asciidoc_headings(text))


def _asciidoc_headings(text: str) -> Iterator[Heading]:
    fence, before, before_start = "", "", 0
    for start, line in _lines(text):
        stripped = line.rstrip()
        underline = _ADOC_UNDERLINE.match(line)
        is_title = not fence and underline and bool(before.strip()) and abs(len(before) - len(stripped)) <= 2
        if is_title and underline and re.match(r"\w", before):
            yield Heading(before_start, UNDERLINES.index(underline[1]) + 1, before.strip())
        elif found := _ADOC_FENCE.match(line):
            fence = "" if fence == stripped else fence or (stripped if stripped[0] in VERBATIM else "")
        elif not fence and (found := _ADOC_HEADING.match(line)):
            yield Heading(start, len(found[1]), found[2])
        before, before_start = stripped, start


def asciidoc_fields(text: str) -> FrontMatter:
    """The attributes in the header of an AsciiDoc file, and its author line."""
    found: dict[str, Any] = {}
    lines = [line for _, line in _lines(text[:20_000])]
    titled = False
    for line in lines:
        field = _ADOC_FIELD.match(line)
        if field:
            if field[2]:
                found[field[1].lower()] = field[2]
        elif not titled and (title := _ADOC_HEADING.match(line)) and len(title[1]) == 1:
            found["title"], titled = title[2], True
        elif titled and line.strip() and "author" not in found and _ADOC_AUTHOR.match(line):
            found["author"] = line.strip()
        elif titled and line.strip() and not line.startswith("//"):
            continue
        elif line.strip() or titled:
            break
    if isinstance(found.get("keywords"), str):
        found["keywords"] = [word.strip() for word in found["keywords"].split(",") if word.strip()]
    return FrontMatter(found)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for start, end in pairwise(line_starts(text)):
        yield start, text[start : min(end, start + LONGEST_TITLE)].rstrip("\r\n")
