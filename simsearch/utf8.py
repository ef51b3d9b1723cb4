"""Lone surrogates: file names and arguments that are not valid UTF-8 contain them, and some formats can express them,
but no file or database can store them."""

from __future__ import annotations


def is_utf8(text: str) -> bool:
    """Whether a text can be encoded as UTF-8, and so be stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def storable(text: str) -> str:
    """The text with a question mark for each lone surrogate."""
    return text.encode("utf-8", "replace").decode()


def printable(text: str) -> str:
    """The text with the code of each lone surrogate, so that one can see which it is."""
    return text.encode("utf-8", "backslashreplace").decode()
