"""Segments: FAISS files that plain `faiss.read_index` reads, whose ids are the chunk numbers."""

from __future__ import annotations

import os
import secrets
import sqlite3
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from simsearch.errors import StorageError
from simsearch.files import hash_file
from simsearch.home import Home
from simsearch.storage.database.connection import MAY_BE_FULL
from simsearch.storage.database.segment_records import SegmentRecord
from simsearch.storage.database.vectors import Codes, look_up
from simsearch.storage.dense.flat import build_flat, open_flat
from simsearch.storage.dense.ivf import build_ivf, open_ivf
from simsearch.types import Rows, Scores, Vectors

Batches = tuple[int, int]

TIMED = 15
"""Queries by which is measured what a query takes."""


class Segment(Protocol):
    """The vectors of a range of batches, mapped."""

    def search(self, queries: Vectors, wide: int, allowed: Rows | None = None) -> list[tuple[Scores, Rows]]:
        """For each query the `wide` nearest with exact scores, from high to low: float32 [m] and chunk numbers
        int64 [m], dead ones among them; only of those in `allowed`, int64 ascending, where given. Fewer only where
        fewer exist."""

    def parts(self) -> Iterator[tuple[Rows, Codes]]:
        """All that it holds, in parts: chunk numbers int64 [m] and vectors float16 [m, d]."""


def open_segment(
    connection: sqlite3.Connection, folder: Path, record: SegmentRecord, dimension: int, latency: float
) -> Segment:
    """Map a segment.

    Args:
        connection: Gives an approximate one the exact vectors.
        latency: Milliseconds that a query may take; decides how much is scored exactly below a filter.

    Raises:
        OSError, ValueError: The file is missing, cut short or plainly damaged.
    """
    if not record.usable(folder):
        raise ValueError(f"{record.path(folder)} is missing or cut short")
    return _open(connection, record.path(folder), record, dimension, latency)


def write_flat(
    connection: sqlite3.Connection, folder: Path, batches: Batches, chunks: Rows, codes: Codes
) -> SegmentRecord:
    """Write vectors to a segment that is searched exactly.

    Args:
        connection: Has the same vectors.
        folder: Holds segments/.
        batches: The first and the last one that it covers.
        chunks: int64 [n], ascending, n > 0.
        codes: float16 [n, d].
    """
    return _write(connection, folder, chunks, codes, build_flat(chunks, codes), _record(batches, chunks))


def write_ivf(
    connection: sqlite3.Connection,
    folder: Path,
    batches: Batches,
    chunks: Rows,
    codes: Codes,
    exact_milliseconds: float,
) -> SegmentRecord:
    """Write vectors to a segment that is searched approximately, and measure how well and how fast.

    Args:
        exact_milliseconds: What an exact search of the same was measured to take.
    """
    built = build_ivf(chunks, codes)
    record = replace(
        _record(batches, chunks),
        kind="ivf",
        lists=built.lists,
        probes=built.probes,
        recall=built.recall,
        exact_milliseconds=exact_milliseconds,
    )
    written = _write(connection, folder, chunks, codes, built.index, record)
    opened = open_segment(connection, folder, written, codes.shape[1], 0)
    return replace(written, milliseconds=measure_milliseconds(opened, codes), measured=today())


def agrees(segment: Segment, chunks: Rows, codes: Codes) -> bool:
    """Whether a segment holds all of these vectors under these chunk numbers, whatever dead ones it holds too.

    Args:
        chunks: int64 [n], ascending.
        codes: float16 [n, d].
    """
    found = 0
    for held, vectors in segment.parts() if len(chunks) else ():
        rows = np.minimum(np.searchsorted(chunks, held), len(chunks) - 1)
        alive = chunks[rows] == held
        if not np.array_equal(codes[rows[alive]], vectors[alive]):
            return False
        found += int(alive.sum())
    return found == len(chunks)


def measure_milliseconds(segment: Segment, codes: Codes) -> float:
    """What a query of ten takes, asked with some of the vectors themselves: wall-clock time, because threads may share
    the work; the median, so that what else the machine does now and then hardly counts."""
    queries = codes[:: max(1, len(codes) // TIMED)][:TIMED].astype(np.float32)
    segment.search(queries[:1], 10)
    times = []
    for query in queries:
        began = time.perf_counter()
        segment.search(query[None], 10)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def today() -> str:
    return date.today().isoformat()


def _record(batches: Batches, chunks: Rows) -> SegmentRecord:
    return SegmentRecord("", *batches, len(chunks), 0, 0, "")


def _open(
    connection: sqlite3.Connection, path: Path, record: SegmentRecord, dimension: int, latency: float
) -> Segment:
    if record.kind == "ivf":
        a_row = record.exact_milliseconds / record.rows
        affordable = int(min(record.rows, latency / a_row)) if a_row else record.rows
        look = partial(look_up, connection, dimension=dimension, first=record.first, last=record.last)
        return open_ivf(path, record.probes, affordable, look)
    segment = open_flat(path, record.rows, dimension)
    first, last = segment.range()
    if not 0 < first <= last - record.rows + 1:
        raise ValueError(f"{path} is damaged")
    return segment


def _write(
    connection: sqlite3.Connection,
    folder: Path,
    chunks: Rows,
    codes: Codes,
    index: Any,
    record: SegmentRecord,
) -> SegmentRecord:
    """Write to a new file, flushed to disk; it counts once the database names it."""
    target = Home(folder).segments / f"{secrets.token_hex(8)}.faiss"
    target.parent.mkdir(exist_ok=True)
    making = target.with_suffix(".making")
    try:
        _write_faiss(making, index)
        _verify(_open(connection, making, record, codes.shape[1], 0), making, chunks, codes)
        record = replace(record, name=target.name, bytes=making.stat().st_size, digest=hash_file(making))
        _flush(making)
        making.rename(target)
        _flush(target.parent)
    finally:
        making.unlink(missing_ok=True)
    return record


def _write_faiss(path: Path, index: Any) -> None:
    import faiss

    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise OSError(f"{path} can't be written, {MAY_BE_FULL}: {error}") from error


def _verify(written: Segment, path: Path, chunks: Rows, codes: Codes) -> None:
    """A disk that filled up, or a FAISS that lays its files out otherwise, is found before the file counts."""
    if not agrees(written, chunks, codes):
        raise StorageError(f"{path} was not written correctly; check the disk and run the command again.")


def _flush(path: Path) -> None:
    """Flush a file, or a folder's names, to disk."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
