"""Flat segments, searched exactly.

The file is a flat FAISS index of float16 codes under an id map. Its codes and chunk numbers are at its end,
so that they can also be mapped without importing FAISS (70 ms, as much as opening all else).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.storage.database.vectors import Codes
from simsearch.storage.dense.exact import SCORES_AT_ONCE, best, search_exact
from simsearch.storage.dense.faiss_library import is_loaded, load_faiss
from simsearch.threads import allowed_threads
from simsearch.types import Rows, Scores, Vectors

FEW_ROWS = 32_768
"""Rows that numpy scores in less time than importing FAISS takes; whoever has asked for more gets FAISS."""

VERY_FEW_ROWS = 256
"""Rows that numpy scores sooner than FAISS also where that is imported."""

MANY_QUESTIONS = 32
"""Questions that one matrix product scores in less time than FAISS, which takes a question at a time."""

SHARED_ROWS = 50_000
"""Rows that one question's threads share, because FAISS gives each question one; fewer are not worth starting them."""

ROWS_AT_ONCE = 2048
"""Rows that are widened to float32, or compared, at once: larger blocks are no faster, and take memory."""


class FlatSegment:
    """A flat segment, mapped: it stays readable after the file is replaced.

    Args:
        codes: float16 [n, d].
        chunks: int64 [n], ascending.
        path: The FAISS file; None where it can't be used.
    """

    def __init__(self, codes: Codes, chunks: Rows, path: Path | None) -> None:
        self._codes = codes
        self._chunks = chunks
        self._path = path
        self._index: Any = None
        self._scored = 0

    def search(self, queries: Vectors, wide: int, allowed: Rows | None = None) -> list[tuple[Scores, Rows]]:
        """See Segment."""
        rows = None if allowed is None else self._rows_of(allowed)
        count = len(self._chunks) if rows is None else len(rows)
        self._scored += count
        together = rows is None and min(len(queries), SCORES_AT_ONCE // max(1, count)) >= MANY_QUESTIONS
        if not together and count > VERY_FEW_ROWS and (self._scored > FEW_ROWS or is_loaded()):
            return self._search_faiss(queries, wide, rows)
        codes, chunks = (
            (self._codes, self._chunks) if rows is None else (self._codes[rows], self._chunks[rows])
        )
        scores, near = search_exact(codes, queries, wide)
        return [(scores[i], chunks[near[i]]) for i in range(len(queries))]

    def range(self) -> tuple[int, int]:
        """The lowest and the highest chunk number in it."""
        return int(self._chunks[0]), int(self._chunks[-1])

    def parts(self) -> Iterator[tuple[Rows, Codes]]:
        """See Segment."""
        for start in range(0, len(self._chunks), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            yield self._chunks[part], self._codes[part]

    def _search_faiss(self, queries: Vectors, wide: int, rows: Rows | None) -> list[tuple[Scores, Rows]]:
        if self._index is None:
            self._index = self._open()
        faiss = load_faiss(len(queries))
        flat = faiss.downcast_index(self._index.index)
        parameters: Any = None
        if rows is not None:
            bits = np.zeros(len(self._chunks), np.bool_)
            bits[rows] = True
            selector = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
            parameters = faiss.SearchParameters(sel=selector)
        count = len(self._chunks) if rows is None else len(rows)
        if rows is None and len(queries) == 1 and count >= SHARED_ROWS:
            near = _near_in_shares(flat, queries, min(wide, count))
        else:
            _, near = flat.search(queries, min(wide, count), params=parameters)
        return [self._rescore(near[i], queries[i], wide) for i in range(len(queries))]

    def _rescore(self, rows: Rows, query: Vectors, k: int) -> tuple[Scores, Rows]:
        rows = np.sort(rows[rows >= 0])
        scores, rows = best(rows, self._codes[rows], query, k)
        return scores, self._chunks[rows]

    def _rows_of(self, allowed: Rows) -> Rows:
        """The rows whose chunks are allowed, ascending."""
        if not len(self._chunks):
            return np.empty(0, np.int64)
        first, last = self.range()
        near = allowed[(allowed >= first) & (allowed <= last)]
        if last - first + 1 == len(self._chunks):
            return near - first
        places = np.searchsorted(self._chunks, near)
        found: Rows = places[self._chunks[places] == near]
        return found

    def _open(self) -> Any:
        faiss = load_faiss()

        if self._path is not None:
            with contextlib.suppress(RuntimeError):  # its first bytes are damaged, the codes may be whole
                return faiss.read_index(str(self._path), faiss.IO_FLAG_MMAP_IFC)
        return build_flat(self._chunks, self._codes)


def _near_in_shares(flat: Any, query: Vectors, wide: int) -> Rows:
    """The nearest rows of as many parts as there are threads, int64 [1, parts · wide]."""
    threads = allowed_threads()
    ends = np.linspace(0, flat.ntotal, threads + 1, dtype=np.int64).tolist()

    def near(part: int) -> Rows:
        faiss = load_faiss(1)
        share = faiss.IDSelectorRange(ends[part], ends[part + 1])
        rows: Rows = flat.search(query, wide, params=faiss.SearchParameters(sel=share))[1]
        return rows

    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(near, range(threads))), axis=1)


def open_flat(path: Path, rows: int, dimension: int) -> FlatSegment:
    """Map a flat segment's file, which is there at its full length."""
    chunks_at = path.stat().st_size - 8 * rows
    codes_at = chunks_at - 8 - 2 * rows * dimension
    codes = np.memmap(path, np.float16, "r", codes_at, (rows, dimension))
    return FlatSegment(codes, np.memmap(path, np.int64, "r", chunks_at, (rows,)), path)


def build_flat(chunks: Rows, codes: Codes) -> Any:
    """The FAISS index of a flat segment, in memory."""
    faiss = load_faiss()

    flat = faiss.IndexScalarQuantizer(
        codes.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index = faiss.IndexIDMap(flat)
    add(index, chunks, codes)
    return index


def add(index: Any, chunks: Rows, codes: Codes) -> None:
    """Add vectors to a FAISS index without widening them all at once."""
    for start in range(0, len(chunks), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        index.add_with_ids(codes[part].astype(np.float32), chunks[part])
