"""Texts for people: the nearest known name, counts with their nouns, and text that fits a line of a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)` for the nearest known word, whatever its case, or nothing."""
    import difflib  # only a mistake needs it

    names = {name.casefold(): name for name in known}
    plain = word.casefold()
    longer = [name for name in names if len(plain) > 1 and (name.startswith(plain) or plain.startswith(name))]
    near = difflib.get_close_matches(plain, names, n=1) or longer
    return f" (did you mean '{names[near[0]]}'?)" if near else ""


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun, and with a verb that agrees: `1 pair has`, `3 pairs have`."""
    return f"{number} {one if number == 1 else many}"


def one_line(text: str) -> str:
    """A text in one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def columns(text: str) -> int:
    """The width of a text on a terminal, in columns."""
    return sum(column_width(character) for character in text)


def cut(text: str, width: int) -> str:
    """A text cut to a width in columns, with `…` if something is missing."""
    if columns(text) <= width:
        return text
    kept, taken = "", 1
    for character in text:
        taken += column_width(character)
        if taken > width:
            break
        kept += character
    return kept.rstrip() + "…"


def column_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
