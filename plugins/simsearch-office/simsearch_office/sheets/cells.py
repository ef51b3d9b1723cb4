"""Cells: their position, and what they display."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from simsearch_office.flow import one_line
from simsearch_office.ooxml.elements import Element, child, name_of
from simsearch_office.sheets.number_formats import GENERAL, shown_number, shown_text

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")


class Cell(NamedTuple):
    """A cell as it is displayed.

    Args:
        column: From 0.
        is_text: It holds words, not a number, date or truth value.
        uncalculated: Its formula is shown, because no result is stored.
    """

    column: int
    text: str
    is_text: bool
    uncalculated: bool = False


@dataclass(frozen=True, slots=True)
class Formats:
    """What cells refer to.

    Args:
        strings: The workbook's shared texts.
        codes: The number format of each cell style.
        since_1904: Days are counted from 1904.
        calculated: Results of formulas are real, also where they are 0 or an empty text.
    """

    strings: Sequence[str]
    codes: Sequence[str]
    since_1904: bool
    calculated: bool

    def cell(self, element: Element, column: int) -> Cell:
        """A cell element as it is displayed."""
        stored, formula = None, None
        for inner in element:
            name = name_of(inner)
            if name == "v":
                stored = inner.text or ""
            elif name == "f":
                formula = inner
        kind = element.get("t") or "n"
        value = stored or ""
        if formula is not None and not self._is_result(stored, kind):
            words = one_line(formula.text or "")
            return Cell(column, f"={words}" if words else value, False, bool(words))
        code = _at(self.codes, element.get("s") or "0") or GENERAL
        is_text = kind in ("s", "str", "inlineStr")
        return Cell(column, one_line(self._shown(element, kind, value, code)), is_text)

    def _is_result(self, stored: str | None, kind: str) -> bool:
        """Whether what is stored with a formula is its result, as an empty text can be."""
        if stored == "0" or (stored == "" and kind == "str"):
            return self.calculated
        return bool(stored)

    def _shown(self, element: Element, kind: str, value: str, code: str) -> str:
        if kind == "inlineStr":
            inline = child(element, "is")
            return shown_text(rich_text(inline) if inline is not None else "", code)
        if kind in ("s", "str"):
            return shown_text(_at(self.strings, value) if kind == "s" else value, code)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        try:
            return shown_number(float(value), code, since_1904=self.since_1904) if kind == "n" else value
        except (ValueError, OverflowError, ArithmeticError):
            return value


def _at(texts: Sequence[str], index: str) -> str:
    return texts[int(index)] if index.isdecimal() and int(index) < len(texts) else ""


def rich_text(element: Element) -> str:
    """The text of a string's runs; how it is pronounced (rPh) is left out."""
    found = []
    for inner in element:
        if name_of(inner) == "t":
            found.append(inner.text or "")
        elif name_of(inner) != "rPh":
            found.append(rich_text(inner))
    return "".join(found)


def position(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 of `B12`; None if it is something else."""
    found = _REFERENCE.match(reference.upper())
    return (int(found[2]) - 1, _column(found[1])) if found else None


def column_of(reference: str, default: int) -> int:
    """The column from 0 of `B12`, or the default if there is no reference."""
    letters = reference.rstrip("0123456789")
    return _column(letters) if letters.isascii() and letters.isalpha() and len(letters) < 4 else default


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
