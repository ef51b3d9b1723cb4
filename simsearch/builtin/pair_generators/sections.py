"""A document's sections: each heading with the text that is its own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from simsearch import FoundDocument, Heading
from simsearch.builtin.pair_generators.prose import plain, prose

_NUMBER = re.compile(
    r"^(?:(?:chapter|part|appendix|section)\s+)?(?:\d+|[A-Z]|[IVXLC]+)(?:\.\d+)*\.?[)\s:–—-]\s*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:\d+[.)\d]*|(?:chapter|part|appendix|section)\s+[\dA-Z])", re.IGNORECASE)
_LETTERED = re.compile(r"^[A-Z](?:\.\d+)+\.?\s")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading at `start`, and where its own text ends: at the next heading, or at the next of its level or higher."""

    start: int
    end: int
    end_with_parts: int
    heading: str

    def text(self, found: FoundDocument, longest: int, parts: bool = False) -> str:
        """The section's words without its heading; with `parts`, its subsections too."""
        end = self.end_with_parts if parts else self.end
        return prose(found, self.start, end, longest, without=self.heading)


def sections(found: FoundDocument) -> list[Section]:
    """In order of `start`. A document without headings is one section under its title."""
    document = found.document
    if not document.headings:
        return [Section(0, len(document.text), len(document.text), document.title)]
    starts = [heading.start for heading in document.headings]
    ends = [*starts[1:], len(document.text)]
    ends_with_parts = _ends_with_parts(document.headings, len(document.text))
    return [
        Section(heading.start, end, end_with_parts, " ".join(plain(found, heading.text).split()))
        for heading, end, end_with_parts in zip(document.headings, ends, ends_with_parts, strict=True)
    ]


def section_at(all_sections: list[Section], place: int) -> Section | None:
    """The section whose heading stands at a place of the text, or the one around it."""
    index = bisect_right([section.start for section in all_sections], place) - 1
    return all_sections[index] if index >= 0 else None


def named(heading: str) -> str:
    """A heading without its number: `8.1.2. Arbitrary Precision` → `Arbitrary Precision`."""
    if _NUMBERED.match(heading) or _LETTERED.match(heading):
        return _NUMBER.sub("", heading, count=1).strip()
    return heading.strip()


def _ends_with_parts(headings: Sequence[Heading], length: int) -> list[int]:
    """Where the next heading of the same level or higher stands, for each heading."""
    ends, below = [length] * len(headings), list[int]()
    for index, heading in enumerate(headings):
        while below and headings[below[-1]].level >= heading.level:
            ends[below.pop()] = heading.start
        below.append(index)
    return ends
