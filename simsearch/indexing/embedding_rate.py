"""How fast chunks are embedded, kept so that `status` can say how long the others take."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from simsearch.files import write_atomically


@dataclass(frozen=True, slots=True)
class EmbeddingRate:
    """The rate of the last run that embedded for some seconds."""

    chunks_per_second: float

    def seconds_for(self, chunks: int) -> float:
        """How long that many chunks take."""
        return chunks / self.chunks_per_second


def keep_rate(path: Path, rate: EmbeddingRate) -> None:
    write_atomically(path, json.dumps({"chunks_per_second": rate.chunks_per_second}).encode())


def read_rate(path: Path) -> EmbeddingRate | None:
    """The rate that was kept; None if none was, or if the file can't be read: a rate is only an estimate."""
    try:
        value = float(json.loads(path.read_text(encoding="utf-8"))["chunks_per_second"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return EmbeddingRate(value) if 0 < value < float("inf") else None
