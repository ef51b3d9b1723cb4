"""Which segments a generation has: new chunks get one, and small, decayed or broken ones are written anew.

Each segment is at least twice as big as all newer ones together (a log-structured merge, O'Neil et al.
1996, doi:10.1007/s002360050048), so that a million chunks stand in a dozen segments and a chunk is
written anew a dozen times at most.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from simsearch.storage.database.generations import Generation
from simsearch.storage.database.segment_records import (
    SegmentRecord,
    delete_segment,
    insert_segment,
    read_segment_records,
)
from simsearch.storage.database.vectors import read_vectors
from simsearch.storage.dense.segments import write_flat, write_ivf

MOST_DEAD = 0.25
LAST_CHUNK = 2**62
ANY_SIZE = LAST_CHUNK
LARGEST_IN_PASSING = 131_072
"""Rows that a commit in the midst of a run writes anew at most; what is larger waits for the end of the run."""


def renew_segments(
    connection: sqlite3.Connection, folder: Path, generation: Generation, largest: int = ANY_SIZE
) -> list[str]:
    """Bring a generation's segments in line with its chunks, inside the open transaction.

    Args:
        largest: Whole segments of more rows than that are left as they are.

    Returns:
        The names of segments that were missing or cut short and are whole again.
    """
    records = read_segment_records(connection, generation.id)
    broken = [record for record in records if not record.usable(folder)]
    after = max((record.last for record in records), default=0)
    new = connection.execute(
        "SELECT count(*) FROM chunks WHERE generation = ? AND id > ?", (generation.id, after)
    ).fetchone()[0]
    tail = mergeable_tail([*(record.rows - record.dead for record in records), new], largest)
    for record in records[:tail]:
        decayed = record.dead > MOST_DEAD * record.rows and record.rows <= largest
        if record in broken or decayed:
            rewrite_flat(connection, folder, generation, [record], record.first, record.last)
    rest = records[tail:]
    if rest or new:
        first = rest[0].first if rest else after + 1
        rewrite_flat(connection, folder, generation, rest, first, LAST_CHUNK)
    return [record.name for record in broken]


def mergeable_tail(sizes: Sequence[int], largest: int = ANY_SIZE) -> int:
    """The place from which on segments should be one: the first that is not twice as big as all after it,
    where they have no more than `largest` rows together."""
    newer = sum(sizes)
    for place, size in enumerate(sizes):
        together, newer = newer, newer - size
        if size < 2 * newer and together <= largest:
            return place
    return len(sizes) - 1


def rewrite_flat(
    connection: sqlite3.Connection,
    folder: Path,
    generation: Generation,
    replaced: Sequence[SegmentRecord],
    first: int,
    last: int,
) -> None:
    """Write a range of chunks anew from the database, as one segment in the place of others."""
    for record in replaced:
        delete_segment(connection, record)
    chunks, codes = read_vectors(connection, generation, first, last)
    if len(chunks):
        insert_segment(connection, generation.id, write_flat(connection, folder, chunks, codes))


def rewrite_with_lists(
    connection: sqlite3.Connection, folder: Path, generation: Generation, replaced: SegmentRecord
) -> float:
    """Write a segment anew with inverted lists; returns the milliseconds that it takes to search."""
    delete_segment(connection, replaced)
    chunks, codes = read_vectors(connection, generation, replaced.first, replaced.last)
    if not len(chunks):
        return 0.0
    written = write_ivf(connection, folder, chunks, codes, replaced.exact_milliseconds)
    insert_segment(connection, generation.id, written)
    return written.milliseconds
