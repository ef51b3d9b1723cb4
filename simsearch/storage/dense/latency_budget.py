"""Exact search as long as it meets the latency budget; beyond it the largest segments get inverted lists."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from simsearch.storage.database.generations import Generation
from simsearch.storage.database.segment_records import (
    SegmentRecord,
    delete_segment,
    insert_segment,
    read_segment_records,
)
from simsearch.storage.dense.merging import rewrite_with_lists
from simsearch.storage.dense.segments import measure_milliseconds, open_segment, today

LEAST_ROWS = 1024
"""Smaller segments cost too little to measure."""


def meet_budget(
    connection: sqlite3.Connection,
    folder: Path,
    generation: Generation,
    latency: float,
    say: Callable[[str], None],
) -> None:
    """Give a generation's segments the kind of index that the budget asks for, inside the open transaction.

    Args:
        latency: Milliseconds that a query may take.
        say: Hears what takes its time.
    """
    records = [
        _measure(connection, folder, generation, record)
        for record in read_segment_records(connection, generation.id)
        if record.rows - record.dead >= LEAST_ROWS
    ]
    exact = sorted((r for r in records if r.kind == "flat"), key=lambda record: record.rows)
    total = sum(record.milliseconds for record in records)
    while exact and total > latency:
        record = exact.pop()
        say(
            f"An exact search would take {total:.0f} ms, more than the setting index.latency allows ({latency:g} ms): "
            f"an approximate index of {record.rows} chunks is made."
        )
        total += rewrite_with_lists(connection, folder, generation, record) - record.milliseconds


def _measure(
    connection: sqlite3.Connection, folder: Path, generation: Generation, record: SegmentRecord
) -> SegmentRecord:
    if record.measured:
        return record
    dimension = generation.identity.dimension
    segment = open_segment(connection, folder, record, dimension, 0)
    _, codes = next(segment.parts())
    taken = measure_milliseconds(segment, codes)
    measured = replace(record, milliseconds=taken, exact_milliseconds=taken, measured=today())
    delete_segment(connection, record)
    insert_segment(connection, generation.id, measured)
    return measured
