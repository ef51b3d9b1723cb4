"""What the doctor can find: what it is, where, what it would do, and what tune does about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from simsearch.types import Pair

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the pairs that a person should know.

    Args:
        what: What was found, with how many.
        rows: Where, the first few, as file:row.
        consequence: What it would do to the model or to the measurement.
        action: What tune does about it.
        serious: Whether --strict stops for it.
    """

    what: str
    rows: tuple[str, ...]
    consequence: str
    action: str
    serious: bool = True

    def __str__(self) -> str:
        where = f" ({', '.join(self.rows)})" if self.rows else ""
        return f"{self.what}{where}: {self.consequence} {self.action}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def places(rows: Sequence[Pair]) -> tuple[str, ...]:
    """The first few rows as file:row."""
    first = [f"{pair.source}:{pair.row}" for pair in rows[:EXAMPLES]]
    return (*first, "…") if len(rows) > EXAMPLES else tuple(first)
