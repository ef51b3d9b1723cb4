"""Halves of characters: names of files and arguments that are no UTF-8 have them, and some formats can write them down,
but no file or database takes them."""

from __future__ import annotations


def is_utf8(text: str) -> bool:
    """Whether a text can be stored as it stands."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def storable(text: str) -> str:
    """The text with a question mark for each half of a character."""
    return text.encode("utf-8", "replace").decode()


def printable(text: str) -> str:
    """The text with each half of a character as its code, so that it can be told which it is."""
    return text.encode("utf-8", "backslashreplace").decode()
