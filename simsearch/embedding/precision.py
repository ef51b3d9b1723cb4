"""Graphs in fewer bits, as part of a model's name: `all-MiniLM-L6-v2@int8`.

Such a graph is a model of its own, with a fingerprint of its own, so that vectors never mix.
"""

from __future__ import annotations

import hashlib
from typing import Literal, get_args

Precision = Literal["fp16", "int8"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
MANNER = 1
"""How bits are saved; another number gives other fingerprints."""


def split_precision(name: str) -> tuple[str, Precision | None]:
    """The model's own name and its precision; None for the full one."""
    for precision in PRECISIONS:
        if name.endswith(f"@{precision}"):
            return name.removesuffix(f"@{precision}"), precision
    return name, None


def with_precision(name: str, precision: str | None) -> str:
    """The name that split_precision takes apart."""
    return f"{name}@{precision}" if precision else name


def fingerprint_in(fingerprint: str, precision: Precision | None) -> str:
    """The fingerprint of a model in a precision; its own in the full one."""
    if precision is None:
        return fingerprint
    return hashlib.sha256(f"{fingerprint} {precision} {MANNER}".encode()).hexdigest()
