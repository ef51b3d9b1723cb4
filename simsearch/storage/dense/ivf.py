"""Segments with inverted lists, searched approximately, for indexes too large to score every vector.

Vectors are kept as float16 in the list of their nearest centre; a query reads the lists of the centres nearest to it
(Sivic and Zisserman 2003, doi:10.1109/ICCV.2003.1238663, as FAISS does it: arXiv:2401.08281). What it finds is
scored exactly, so that a score means the same as in a flat segment. How many lists it must read is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.storage.database.vectors import Codes
from simsearch.storage.dense.exact import ROUNDING, exact_scores, search_exact
from simsearch.storage.dense.faiss_library import load_faiss
from simsearch.storage.dense.flat import ROWS_AT_ONCE, add
from simsearch.types import Rows, Scores, Vectors

WANTED_RECALL = 0.95
NEAREST = 10
ASKED, MIXED = 400, 3
"""Questions that recall is measured with, which errs by about a percent; and vectors that make one of them."""

TRAINED_ON, ROUNDS = 40, 6
"""Vectors for each centre, and rounds of k-means: more gain nothing in recall that probing doesn't buy cheaper."""

LOOKED_UP = 2000
"""Up to this number of allowed chunks, reading their vectors from the database is quicker than reading their lists."""

FEW_ALLOWED = 0.2
"""Below this share of allowed chunks all lists are read, because the time goes into those that match."""

LookUp = Callable[[Rows], tuple[Rows, Codes]]


class IvfSegment:
    """A segment with inverted lists.

    Args:
        index: The FAISS index, mapped.
        probes: Lists that a query reads.
        affordable: Rows that can be scored within the latency budget.
        look_up: Gives those of some chunks that are alive and belong here, ascending, with their vectors,
            float16 [n, d].
    """

    def __init__(self, index: Any, probes: int, affordable: int, look_up: LookUp) -> None:
        self._index = index
        self._look_up = look_up
        self._probes = probes
        self._affordable = affordable

    def search(self, queries: Vectors, wide: int, allowed: Rows | None = None) -> list[tuple[Scores, Rows]]:
        """See Segment."""
        matching, probes, selector = self._index.ntotal, self._probes, None
        if allowed is not None:
            if not len(allowed):
                return [(np.empty(0, np.float32), np.empty(0, np.int64))] * len(queries)
            if len(allowed) <= LOOKED_UP:
                return self._search_few(queries, wide, allowed)
            matching = min(matching, len(allowed))
            if matching < self._index.ntotal:
                probes, selector = self._effort(matching), _selector(allowed)
        wide = min(wide, matching)
        found = self._probe(queries, wide, probes, selector)
        short = [i for i, (_, chunks) in enumerate(found) if len(chunks) < wide]
        if short and probes < self._index.nlist:
            again = self._probe(queries[short], wide, self._index.nlist, selector)
            for i, better in zip(short, again, strict=True):
                found[i] = better
        return found

    def _search_few(self, queries: Vectors, wide: int, allowed: Rows) -> list[tuple[Scores, Rows]]:
        """Exactly, without a look into the lists."""
        chunks, codes = self._look_up(allowed)
        scores, near = search_exact(codes, queries, wide)
        return [(scores[i], chunks[near[i]]) for i in range(len(queries))]

    def parts(self) -> Iterator[tuple[Rows, Codes]]:
        """See Segment."""
        faiss = load_faiss()

        lists, size = self._index.invlists, self._index.code_size
        for number in range(self._index.nlist):
            rows = lists.list_size(number)
            if rows:
                chunks = faiss.rev_swig_ptr(lists.get_ids(number), rows)
                codes = faiss.rev_swig_ptr(lists.get_codes(number), rows * size)
                yield chunks, codes.view("<f2").reshape(rows, -1)

    def _effort(self, matching: int) -> int:
        """Lists to read where only some chunks may be found: all, or more as fewer of each count."""
        lists: int = self._index.nlist
        share = matching / self._index.ntotal
        if share < FEW_ALLOWED or matching <= self._affordable:
            return lists
        more: int = min(lists, ceil(2 * self._probes / share))
        return more

    def _probe(self, queries: Vectors, wide: int, probes: int, selector: Any) -> list[tuple[Scores, Rows]]:
        faiss = load_faiss(len(queries))

        parameters = faiss.SearchParametersIVF(nprobe=probes, sel=selector)
        scores, chunks = self._index.search(queries, wide, params=parameters)
        return [self._rescore(*row) for row in zip(scores, chunks, queries, strict=True)]

    def _rescore(self, scores: Scores, chunks: Rows, query: Vectors) -> tuple[Scores, Rows]:
        """Exact scores in the place of FAISS's own; the dead keep theirs."""
        scores, chunks = scores[chunks >= 0], chunks[chunks >= 0]
        alive, codes = self._look_up(chunks)
        by_number = np.argsort(chunks)
        scores[by_number[np.searchsorted(chunks, alive, sorter=by_number)]] = exact_scores(codes, query)
        order = np.lexsort((chunks, -scores))
        return scores[order], chunks[order]


@dataclass(frozen=True, slots=True)
class BuiltLists:
    """A FAISS index with what was measured of it."""

    index: Any
    lists: int
    probes: int
    recall: float


def open_ivf(path: Path, probes: int, affordable: int, look_up: LookUp) -> IvfSegment:
    """Map a segment's file.

    Raises:
        ValueError: FAISS can't read it.
    """
    faiss = load_faiss()

    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
    except RuntimeError as error:
        raise ValueError(f"{path} is damaged") from error
    # FAISS starts threads that read ahead, again for each query, which takes longer than the search itself.
    faiss.downcast_InvertedLists(index.invlists).prefetch_nthread = 0
    return IvfSegment(index, probes, affordable, look_up)


def build_ivf(chunks: Rows, codes: Codes) -> BuiltLists:
    """Inverted lists for some vectors, and how many of them a query must read to find what an exact search would.

    Args:
        chunks: int64 [n], ascending.
        codes: float16 [n, d], unit length.
    """
    faiss = load_faiss()

    lists = max(1, round(2 * sqrt(len(codes))))
    centres = faiss.IndexFlatIP(codes.shape[1])
    index = faiss.IndexIVFScalarQuantizer(
        centres,
        codes.shape[1],
        lists,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,  # the vectors themselves, not their differences from the centre
    )
    index.cp.niter, index.cp.spherical, index.cp.min_points_per_centroid = ROUNDS, True, 1
    random = np.random.default_rng(0)
    index.train(_sample(codes, TRAINED_ON * lists, random).astype(np.float32))
    add(index, chunks, codes)
    probes, recall = _tune_probes(index, codes, _questions(codes, random))
    return BuiltLists(index, lists, probes, recall)


def _tune_probes(index: Any, codes: Codes, queries: Vectors) -> tuple[int, float]:
    """The fewest lists to read that give the wanted recall, and the recall that they give."""
    enough = _kth_scores(codes, queries)
    least, most = 0, 1
    recall = _recall(index, queries, most, enough)
    while recall < WANTED_RECALL and most < index.nlist:
        least, most = most, min(2 * most, index.nlist)
        recall = _recall(index, queries, most, enough)
    while most - least > max(1, least // 8):
        middle = (least + most) // 2
        found = _recall(index, queries, middle, enough)
        if found >= WANTED_RECALL:
            most, recall = middle, found
        else:
            least = middle
    return most, recall


def _kth_scores(codes: Codes, queries: Vectors) -> Scores:
    """The exact score of each query's tenth nearest vector: float32 [q]."""
    wide = min(NEAREST, len(codes))
    top = np.full((len(queries), wide), -1, np.float32)
    for start in range(0, len(codes), ROWS_AT_ONCE):
        scores = queries @ codes[start : start + ROWS_AT_ONCE].astype(np.float32).T
        top = np.partition(np.concatenate([top, scores], axis=1), -wide, axis=1)[:, -wide:]
    kth: Scores = top.min(axis=1)
    return kth


def _recall(index: Any, queries: Vectors, probes: int, enough: Scores) -> float:
    """The share of the nearest that is found; equals count alike."""
    faiss = load_faiss()

    parameters = faiss.SearchParametersIVF(nprobe=probes)
    scores, _ = index.search(queries, min(NEAREST, index.ntotal), params=parameters)
    return float((scores >= enough[:, None] - ROUNDING).mean())


def _sample(codes: Codes, count: int, random: np.random.Generator) -> Codes:
    if count >= len(codes):
        return codes
    return codes[np.sort(random.choice(len(codes), count, replace=False))]


def _questions(codes: Codes, random: np.random.Generator) -> Vectors:
    """What to measure recall with. A question lies farther from its answers than they from each other, and its ten
    nearest in more lists; so does a mixture of three vectors (benchmarks/README.md compares it with real questions)."""
    mixed = np.zeros((ASKED, codes.shape[1]), np.float32)
    for _ in range(MIXED):
        mixed += codes[random.integers(0, len(codes), ASKED)]
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    return mixed


def _selector(allowed: Rows) -> Any:
    faiss = load_faiss()

    members = np.zeros(int(allowed[-1]) + 1, np.bool_)
    members[allowed] = True
    return faiss.IDSelectorBitmap(np.packbits(members, bitorder="little"))
