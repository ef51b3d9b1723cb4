"""Tables as text: one row per line, cells separated by ` | `, and a rule below the header that chunkers recognize."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Markdown's rule, with or without outer pipes; reStructuredText's simple tables have `====  ====`.
_RULE = re.compile(
    r"^[ \t]*(?:(?:\|[ \t]*)?:?-{3,}:?[ \t]*\|[-:| \t]*|={3,}(?:[ \t]+={3,})+[ \t]*)$", re.MULTILINE
)
_LONGEST_HEADER = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows at characters [start, end) of a text below a header that is worth repeating."""

    start: int
    end: int
    header: str


def table_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows as text, the first one as the header."""
    filled = [row for row in rows if any(row)]
    lines = [" | ".join(row) for row in filled]
    if len(filled) > 1 and len(filled[0]) > 1:
        lines.insert(1, " | ".join("---" for _ in filled[0]))
    return "\n".join(lines)


def find_tables(text: str) -> list[Table]:
    """The tables in a text that have a header, in order."""
    return list(_tables(text))


def _tables(text: str) -> Iterator[Table]:
    done = 0
    for rule in _RULE.finditer(text):
        if rule.start() < done or rule.start() == 0:
            continue
        header_start = text.rfind("\n", 0, rule.start() - 1) + 1
        header = text[header_start : rule.start()].strip()
        end = _end(text, rule.end())
        if header and len(header) <= _LONGEST_HEADER and _belongs(header, rule[0]):
            yield Table(rule.end(), end, header)
            done = end


def _belongs(header: str, rule: str) -> bool:
    return "|" in header if "|" in rule else not header.startswith("=")


def _end(text: str, start: int) -> int:
    blank = text.find("\n\n", start)
    return len(text) if blank < 0 else blank
