"""Texts as numbers. Expressions consist of these alone, so that no text of a user can become one."""

from __future__ import annotations

import hashlib

NEVER = 1 << 62
"""The commit in which something has not happened yet."""

_LAST_DIMENSION = (1 << 32) - 2
_HEAD = 7
"""Bytes of a text that its head holds."""


def number_of(*texts: object) -> int:
    """A number for texts, 0 to 2**63 - 1: the same for the same ones, and another one for others."""
    return int.from_bytes(_hashed(texts)[:8], "big") >> 1


def dimension_of(*texts: object) -> int:
    """A dimension of a sparse vector, from 1; few texts share one."""
    return 1 + int.from_bytes(_hashed(texts)[:8], "big") % _LAST_DIMENSION


def head_of(text: str) -> int:
    """A number for how a text begins: that of a text which sorts before another is not greater."""
    return int.from_bytes(_encoded(text)[:_HEAD].ljust(_HEAD, b"\0"), "big")


def heads_beginning(text: str) -> tuple[int, int]:
    """The lowest and the highest head of texts that begin with this one."""
    start = _encoded(text)[:_HEAD]
    return int.from_bytes(start.ljust(_HEAD, b"\0"), "big"), int.from_bytes(
        start.ljust(_HEAD, b"\xff"), "big"
    )


def _hashed(texts: tuple[object, ...]) -> bytes:
    return hashlib.sha256("\0".join(map(str, texts)).encode("utf-8", "surrogatepass")).digest()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
