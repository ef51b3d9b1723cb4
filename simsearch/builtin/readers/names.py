"""Sets of names, written as a sentence is."""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    """The names in a text, separated by spaces."""
    return frozenset(text.split())
