"""Lower precisions as part of a model's name: `all-MiniLM-L6-v2@int8`.

A model at a lower precision has a fingerprint of its own, so that vectors never mix.
"""

from __future__ import annotations

import hashlib
from typing import Literal, get_args

Precision = Literal["fp16", "int8"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
MANNER = 1
"""Version of the conversion; another number gives other fingerprints."""


def split_precision(name: str) -> tuple[str, Precision | None]:
    """The name of the model and its precision; None for full precision."""
    for precision in PRECISIONS:
        if name.endswith(f"@{precision}"):
            return name.removesuffix(f"@{precision}"), precision
    return name, None


def with_precision(name: str, precision: str | None) -> str:
    """The inverse of split_precision."""
    return f"{name}@{precision}" if precision else name


def fingerprint_in(fingerprint: str, precision: Precision | None) -> str:
    """The fingerprint of a model at a precision; at full precision it is the model's own."""
    if precision is None:
        return fingerprint
    return hashlib.sha256(f"{fingerprint} {precision} {MANNER}".encode()).hexdigest()
