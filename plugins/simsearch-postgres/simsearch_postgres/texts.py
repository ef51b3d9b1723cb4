"""PostgreSQL holds no U+0000: another character stands for it, which the document doesn't have."""

from __future__ import annotations

_STAND_INS = tuple(map(chr, range(0xFDD0, 0xFDF0)))
"""Characters that Unicode will never assign."""


def stand_in_for(*texts: str) -> str:
    """What can stand for U+0000 in some texts; empty where none has it."""
    if not any("\0" in text for text in texts):
        return ""
    every = (chr(code) for code in range(0x10FFFD, 0xE000, -1))
    return next(one for one in (*_STAND_INS, *every) if not any(one in text for text in texts))


def without_nul(text: str, stand_in: str) -> str:
    """A text as it is stored."""
    return text.replace("\0", stand_in) if stand_in else text


def with_nul(text: str, stand_in: str) -> str:
    """A stored text as it was."""
    return text.replace(stand_in, "\0") if stand_in else text
