"""When an index has changed so much that what was measured on it has to be measured again."""

from __future__ import annotations

OUTGROWN = 1.25


def has_outgrown(then: int, now: int) -> bool:
    """Whether an index that had `then` chunks has many more or many fewer now."""
    smaller, larger = sorted((max(then, 1), max(now, 1)))
    return larger > OUTGROWN * smaller
