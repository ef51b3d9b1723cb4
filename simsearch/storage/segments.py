"""Segments: immutable FAISS files with the vectors of a range of chunks.

A segment is a flat index of float16 codes under an id map: plain `faiss.read_index` reads it and its ids
are the chunk numbers. Where the codes and numbers stand in the file is written down beside its name, so
that they can also be mapped without importing FAISS (70 ms, as much as opening all else).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsearch.errors import StorageError
from simsearch.storage.generations import Generation
from simsearch.types import Rows

Codes = NDArray[np.float16]

FOLDER = "segments"
ROWS_AT_ONCE = 65_536
_IN_RANGE = "WHERE c.generation = ? AND c.id BETWEEN ? AND ?"


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """What the database says of a segment.

    Args:
        first: The lowest chunk number it may hold; `last` the highest.
        rows: How many vectors it holds, `dead` of them of chunks that are gone.
        digest: sha256 of the file.
        codes_at: Byte offset of the float16 codes [rows, d].
        chunks_at: Byte offset of the int64 chunk numbers [rows].
    """

    id: int
    name: str
    first: int
    last: int
    rows: int
    dead: int
    digest: str
    codes_at: int
    chunks_at: int


class Segment:
    """A segment's vectors, mapped: they stay readable after the file is replaced.

    Args:
        codes: float16 [n, d].
        chunks: int64 [n], ascending.
        path: The FAISS file; None where it can't be used.
    """

    def __init__(self, codes: Codes, chunks: Rows, path: Path | None) -> None:
        self.codes = codes
        self.chunks = chunks
        self._path = path
        self._index: Any = None

    def index(self) -> Any:
        """The FAISS index over the same file, mapped."""
        if self._index is None:
            import faiss

            self._index = (
                faiss.read_index(str(self._path), faiss.IO_FLAG_MMAP_IFC)
                if self._path
                else _in_memory(self.chunks, self.codes)
            )
        return self._index


def read_segment_records(connection: sqlite3.Connection, generation: int) -> list[SegmentRecord]:
    """A generation's segments in the order of their chunks."""
    rows = connection.execute(
        "SELECT id, name, first, last, rows, dead, digest, codes_at, chunks_at FROM segments "
        "WHERE generation = ? ORDER BY first",
        (generation,),
    )
    return [SegmentRecord(*row) for row in rows]


def open_segment(folder: Path, record: SegmentRecord, dimension: int) -> Segment:
    """Map a segment.

    Raises:
        OSError, ValueError: The file is missing, cut short or plainly damaged.
    """
    path = folder / FOLDER / record.name
    if not usable(folder, record):
        raise ValueError(f"{path} is missing or cut short")
    codes = np.memmap(path, np.float16, "r", record.codes_at, (record.rows, dimension))
    chunks = np.memmap(path, np.int64, "r", record.chunks_at, (record.rows,))
    if (chunks[0], chunks[-1]) != (record.first, record.last):
        raise ValueError(f"{path} is damaged")
    return Segment(codes, chunks, path)


def read_vectors(
    connection: sqlite3.Connection, generation: Generation, first: int, last: int
) -> tuple[Rows, Codes]:
    """From the database itself: the chunks of a range, int64 [n] ascending, and their vectors, float16 [n, d].

    Raises:
        StorageError: A vector has another length than it must.
    """
    bounds = (generation.id, first, last)
    count = connection.execute(f"SELECT count(*) FROM chunks c {_IN_RANGE}", bounds).fetchone()[0]
    size = 2 * generation.identity.dimension
    chunks, codes = np.empty(count, np.int64), bytearray(count * size)
    found = connection.execute(
        f"SELECT c.id, v.vector FROM chunks c JOIN vectors v ON v.id = c.vector {_IN_RANGE} ORDER BY c.id",
        bounds,
    )
    for row, (chunk, vector) in enumerate(found):
        if len(vector) != size:
            raise StorageError("A vector in the database is damaged; `simsearch check` says what to do.")
        chunks[row] = chunk
        codes[row * size : (row + 1) * size] = vector
    return chunks, np.frombuffer(codes, "<f2").reshape(count, size // 2)


def write_segment(folder: Path, chunks: Rows, codes: Codes) -> SegmentRecord:
    """Write a segment to a new file, flushed to disk; it counts once the database names it.

    Args:
        folder: Holds segments/.
        chunks: int64 [n], ascending, n > 0.
        codes: float16 [n, d].
    """
    target = folder / FOLDER / f"{secrets.token_hex(8)}.faiss"
    target.parent.mkdir(exist_ok=True)
    making = target.with_suffix(".making")
    try:
        _write_faiss(making, chunks, codes)
        size = making.stat().st_size
        chunks_at = size - 8 * len(chunks)
        codes_at = chunks_at - 8 - codes.nbytes
        record = SegmentRecord(
            0,
            target.name,
            int(chunks[0]),
            int(chunks[-1]),
            len(chunks),
            0,
            digest(making),
            codes_at,
            chunks_at,
        )
        _verify(making, record, chunks, codes)
        _flush(making)
        making.rename(target)
        _flush(target.parent)
    finally:
        making.unlink(missing_ok=True)
    return record


def usable(folder: Path, record: SegmentRecord) -> bool:
    """Whether a segment's file is there, at its full length."""
    path = folder / FOLDER / record.name
    return path.is_file() and path.stat().st_size == record.chunks_at + 8 * record.rows


def delete_segment(connection: sqlite3.Connection, record: SegmentRecord) -> None:
    """Name a segment no longer; its file is a leftover from the next commit on."""
    connection.execute("DELETE FROM segments WHERE id = ?", (record.id,))


def insert_segment(connection: sqlite3.Connection, generation: int, record: SegmentRecord) -> None:
    """Name a segment in the database."""
    connection.execute(
        "INSERT INTO segments (generation, name, first, last, rows, dead, digest, codes_at, chunks_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            generation,
            record.name,
            record.first,
            record.last,
            record.rows,
            record.dead,
            record.digest,
            record.codes_at,
            record.chunks_at,
        ),
    )


def digest(path: Path) -> str:
    """sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_faiss(path: Path, chunks: Rows, codes: Codes) -> None:
    import faiss

    try:
        faiss.write_index(_in_memory(chunks, codes), str(path))
    except RuntimeError as error:
        raise OSError(f"{path} can't be written, the disk may be full: {error}") from error


def _in_memory(chunks: Rows, codes: Codes) -> Any:
    import faiss

    flat = faiss.IndexScalarQuantizer(
        codes.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index = faiss.IndexIDMap(flat)
    for start in range(0, len(chunks), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        index.add_with_ids(codes[part].astype(np.float32), chunks[part])
    return index


def _verify(path: Path, record: SegmentRecord, chunks: Rows, codes: Codes) -> None:
    """A disk that filled up, or a FAISS that lays its files out otherwise, is found before the file counts."""
    written = open_segment(path.parent.parent, replace(record, name=path.name), codes.shape[1])
    if not (np.array_equal(written.chunks, chunks) and np.array_equal(written.codes, codes)):
        raise StorageError(
            f"{path} was not written as it should be; check the disk and run the command again."
        )


def _flush(path: Path) -> None:
    """Flush a file, or a folder's names, to disk."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
