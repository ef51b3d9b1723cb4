"""What the doctor can find: what it is, where, what it would do, and what tune does about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
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
        decisive: Whether it makes every gain unbelievable, so that nothing is promoted.
    """

    what: str
    rows: tuple[str, ...]
    consequence: str
    action: str
    serious: bool = True
    decisive: bool = False

    def __str__(self) -> str:
        where = f" ({listed(self.rows)})" if self.rows else ""
        return f"{self.what}{where}: {self.consequence} {self.action}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def places(rows: Sequence[Pair]) -> tuple[str, ...]:
    """The first few rows as file:row."""
    first = [f"{pair.source}:{pair.row}" for pair in rows[:EXAMPLES]]
    return (*first, "…") if len(rows) > EXAMPLES else tuple(first)


def listed(rows: Sequence[str]) -> str:
    """Rows for a person: each file's name once, as in `pairs.csv:12, 14, …`."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for place in rows:
        source, separator, row = place.rpartition(":")
        by_file[source].append(row if separator else place)
    return ", ".join(
        f"{PurePath(source).name}:{', '.join(numbers)}" if source else ", ".join(numbers)
        for source, numbers in by_file.items()
    )
