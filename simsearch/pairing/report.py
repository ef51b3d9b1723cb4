"""What making pairs says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simsearch.indexing.report import Skipped


@dataclass(frozen=True, slots=True)
class PairsReport:
    """Pairs written to a file.

    Args:
        output: The file.
        documents: How many were read.
        pairs: How many were written.
        kinds: The same by the generator that made them.
        left_out: How many were not written, by reason.
    """

    output: str
    documents: int
    pairs: int
    kinds: Mapping[str, int]
    left_out: Mapping[str, int]
    skipped: tuple[Skipped, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
