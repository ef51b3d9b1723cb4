"""What the database says of segments: immutable FAISS files with the vectors of a range of batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Literal

from simsearch.home import Home
from simsearch.storage.protocols import DenseIndex

Kind = Literal["flat", "ivf"]


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """One segment.

    Args:
        name: Of its file.
        first: The first batch whose chunks it holds; `last` the last one.
        rows: How many vectors it holds, `dead` of them of chunks that are gone.
        bytes: Size of its file.
        digest: sha256 of its file.
        kind: `flat` is searched exactly; `ivf` has its vectors in `lists`, of which a query reads `probes`.
        recall: Share of the ten nearest that a query finds, as measured when it was written; 1 where flat.
        milliseconds: What a query took then; `exact_milliseconds`, what an exact one took. Both 0 where it was
            too small to measure.
        measured: The date, as 2026-01-31.
    """

    name: str
    first: int
    last: int
    rows: int
    dead: int
    bytes: int
    digest: str
    kind: Kind = "flat"
    lists: int = 0
    probes: int = 0
    recall: float = 1.0
    milliseconds: float = 0.0
    exact_milliseconds: float = 0.0
    measured: str = ""

    def path(self, folder: Path) -> Path:
        return Home(folder).segments / self.name

    def usable(self, folder: Path) -> bool:
        """Whether its file is there, at its full length."""
        path = self.path(folder)
        return path.is_file() and path.stat().st_size == self.bytes


_COLUMNS = ", ".join(field.name for field in fields(SegmentRecord))
_PLACES = ", ".join("?" for _ in fields(SegmentRecord))


def read_segment_records(connection: sqlite3.Connection, generation: int) -> list[SegmentRecord]:
    """A generation's segments in the order of their batches."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM segments WHERE generation = ? ORDER BY first", (generation,)
    )
    return [SegmentRecord(*row) for row in rows]


def insert_segment(connection: sqlite3.Connection, generation: int, record: SegmentRecord) -> None:
    """Name a segment in the database."""
    connection.execute(
        f"INSERT INTO segments (generation, {_COLUMNS}) VALUES (?, {_PLACES})", (generation, *astuple(record))
    )


def delete_segment(connection: sqlite3.Connection, record: SegmentRecord) -> None:
    """Name a segment no longer; its file is a leftover from the next commit on."""
    connection.execute("DELETE FROM segments WHERE name = ?", (record.name,))


def describe_segments(records: Sequence[SegmentRecord]) -> DenseIndex:
    """A generation's segments as one index."""
    measured = [record for record in records if record.measured]
    ivf = [record for record in records if record.kind == "ivf"]
    largest = max(ivf, key=lambda record: record.rows, default=None)
    return DenseIndex(
        kind="ivf" if ivf else "exact",
        approximate=sum(record.rows - record.dead for record in ivf),
        recall=round(min((record.recall for record in ivf), default=1.0), 4),
        lists=largest.lists if largest else 0,
        probes=largest.probes if largest else 0,
        milliseconds=round(sum(record.milliseconds for record in measured), 2),
        measured=min((record.measured for record in measured), default=""),
    )
