"""Which segments a generation has: new vectors get one, and small, decayed or broken ones are rewritten.

Each segment is at least twice as big as all newer ones together (a log-structured merge, O'Neil et al.
1996, doi:10.1007/s002360050048), so that a million vectors are in a dozen segments and each is written a
dozen times at most. None of more than LARGEST rows is made of others, because its vectors are in memory meanwhile.
A segment covers a range of batches: whatever order vectors come in, they are appended.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from simsearch.storage.database.changes import next_batch
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
ANY_SIZE = 2**62
LARGEST = 1_000_000
"""Rows of a merged segment at most; writing one takes 2.3 kB of memory for each."""

LARGEST_IN_PASSING = 131_072
"""Rows that a commit in the middle of a run rewrites at most; larger segments wait for the end of the run."""


def renew_segments(
    connection: sqlite3.Connection, folder: Path, generation: Generation, largest: int = ANY_SIZE
) -> list[str]:
    """Update a generation's segments to hold its vectors, inside the open transaction.

    Args:
        largest: Whole segments of more rows than that are left as they are.

    Returns:
        The names of segments that were missing or cut short and are whole again.
    """
    records = read_segment_records(connection, generation.id)
    broken = [record for record in records if not record.usable(folder)]
    after = max((record.last for record in records), default=0)
    new = connection.execute(
        "SELECT count(*) FROM chunks WHERE generation = ? AND batch > ?", (generation.id, after)
    ).fetchone()[0]
    tail = mergeable_tail([*map(_alive, records), new], min(largest, LARGEST))
    for record in records[:tail]:
        decayed = record.dead > MOST_DEAD * record.rows and record.rows <= largest
        if record in broken or decayed:
            rewrite_flat(connection, folder, generation, [record], record.first, record.last)
    rest = records[tail:]
    if rest or new:
        first = rest[0].first if rest else after + 1
        last = next_batch(connection, generation.id) - 1
        rewrite_flat(connection, folder, generation, rest, first, last)
    return [record.name for record in broken]


def join_segments(connection: sqlite3.Connection, folder: Path, generation: Generation) -> None:
    """Make one segment of older neighbours that a long run has left, inside the open transaction."""
    records = read_segment_records(connection, generation.id)
    for group in full_groups([*map(_alive, records)], LARGEST):
        joined = records[group]
        rewrite_flat(connection, folder, generation, joined, joined[0].first, joined[-1].last)


def full_groups(sizes: Sequence[int], largest: int) -> Iterator[slice]:
    """Neighbours, from the oldest on, that have up to `largest` rows together, and more with the next one."""
    start = together = 0
    for place, size in enumerate(sizes):
        if together + size > largest:
            if place - start > 1:
                yield slice(start, place)
            start, together = place, 0
        together += size


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
    """Rewrite a range of batches from the database, as one segment in the place of others."""
    for record in replaced:
        delete_segment(connection, record)
    chunks, codes = read_vectors(connection, generation, first, last)
    if len(chunks):
        insert_segment(
            connection, generation.id, write_flat(connection, folder, (first, last), chunks, codes)
        )


def rewrite_with_lists(
    connection: sqlite3.Connection, folder: Path, generation: Generation, replaced: SegmentRecord
) -> float:
    """Rewrite a segment with inverted lists; returns the milliseconds that it takes to search."""
    delete_segment(connection, replaced)
    chunks, codes = read_vectors(connection, generation, replaced.first, replaced.last)
    if not len(chunks):
        return 0.0
    written = write_ivf(
        connection, folder, (replaced.first, replaced.last), chunks, codes, replaced.exact_milliseconds
    )
    insert_segment(connection, generation.id, written)
    return written.milliseconds


def _alive(record: SegmentRecord) -> int:
    return record.rows - record.dead
