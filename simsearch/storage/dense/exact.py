"""The one exact dense search: every document is scored. The store uses it to answer, tuning to judge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsearch.threads import allowed_threads, in_parallel, one_blas_thread
from simsearch.types import Rows, Scores, Vectors

DOCUMENTS_AT_ONCE = 4096
SCORES_AT_ONCE = 1 << 24
MANY_PRODUCTS = 1 << 20
"""Products that are worth starting threads for."""
ROUNDING = 2e-6
"""More than a matrix product in float32 errs on unit vectors; it depends on where in the matrix a row
is, so that equal vectors come out a little different."""

AnyVectors = NDArray[np.float16] | Vectors | NDArray[np.float64]


def search_exact(documents: AnyVectors, queries: Vectors, k: int) -> tuple[Scores, Rows]:
    """The k nearest documents of each query by inner product.

    A document's score depends on itself and the query alone, not on what is searched with it.

    Args:
        documents: float32 or float16 [n, d], unit length.
        queries: float32 [q, d], unit length.
        k: How many; cut to n.

    Returns:
        Scores float32 [q, k] from high to low and rows int64 [q, k] of `documents`; equal scores stand
        in the order of rows.
    """
    k = min(k, len(documents))
    scores, rows = np.empty((len(queries), k), np.float32), np.empty((len(queries), k), np.int64)
    step = max(1, SCORES_AT_ONCE // max(1, len(documents)))
    for start in range(0, len(queries), step):
        part = slice(start, start + step)
        for i, products in enumerate(_inner_products(documents, queries[part]), start):
            near = _candidates(products, k)
            scores[i], rows[i] = best(near, documents[near], queries[i], k)
    return scores, rows


def best(rows: Rows, vectors: AnyVectors, query: Vectors, k: int) -> tuple[Scores, Rows]:
    """The k best of a few candidates by their own exact scores; equal ones in the order of rows.

    Args:
        rows: int64 [m], numbers of the candidates.
        vectors: float32 or float16 [m, d], theirs.
        query: float32 [d].
    """
    scores = exact_scores(vectors, query)
    order = np.lexsort((rows, -scores))[:k]
    return scores[order], rows[order]


def exact_scores(vectors: AnyVectors, query: Vectors) -> Scores:
    """Inner products of each row by itself, summed in float64: float32 [m]."""
    products: NDArray[np.float64] = vectors.astype(np.float64, copy=False) * query
    scores: Scores = products.sum(axis=1).astype(np.float32)
    return scores


def _inner_products(documents: AnyVectors, queries: Vectors) -> Scores:
    """float32 [q, n], a block of documents at a time so that float16 ones needn't all be widened at once."""
    products = np.empty((len(queries), len(documents)), np.float32)

    def fill(start: int) -> None:
        block = documents[start : start + DOCUMENTS_AT_ONCE].astype(np.float32, copy=False)
        with np.errstate(invalid="ignore", over="ignore"):
            np.matmul(queries, block.T, out=products[:, start : start + len(block)])

    starts = range(0, len(documents), DOCUMENTS_AT_ONCE)
    if products.size < MANY_PRODUCTS:
        in_parallel(fill, starts, threads=1)
    else:
        with one_blas_thread():  # each block has a thread; widening it takes as long as the product
            in_parallel(fill, starts, allowed_threads())
    products[np.isnan(products)] = -np.inf  # damaged, and so nothing's neighbour
    return products


def _candidates(products: Scores, k: int) -> Rows:
    """The rows that can be among the k best once they are scored exactly."""
    if k == 0 or k == len(products):
        return np.arange(k)
    kth = np.partition(products, len(products) - k)[len(products) - k]
    return np.flatnonzero(products >= kth - ROUNDING)
