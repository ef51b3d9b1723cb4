"""Places by UMAP, which keeps near neighbours near (McInnes, Healy and Melville, 2018, arXiv:1802.03426)."""

from __future__ import annotations

import importlib.util
import multiprocessing
from multiprocessing.connection import Connection

import numpy as np

from simsearch.errors import SimsearchError
from simsearch.types import Vectors

LEAST = 200
"""Fewer points have too few neighbours to show."""

SAMPLE = 10_000
NEIGHBOURS = 15


class LayoutFailed(SimsearchError):
    """UMAP has raised, or its process has ended."""


def is_installed() -> bool:
    return importlib.util.find_spec("umap") is not None


def lay_out(vectors: Vectors) -> Vectors:
    """Place vectors by their neighbours, in a process of its own: UMAP is compiled when it is first used, and nothing
    would be answered meanwhile.

    Args:
        vectors: float32 [n, d], n at least LEAST.

    Returns:
        float32 [n, 2].

    Raises:
        LayoutFailed: UMAP raised, or its process was ended.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_answer, args=(there,), daemon=True)
    process.start()
    there.close()
    with here:
        try:
            here.send(vectors)
            result: Vectors | str = here.recv()
        except (EOFError, OSError) as error:
            raise LayoutFailed(
                "The process that lays out the map has ended; is there enough memory?"
            ) from error
    if isinstance(result, str):
        raise LayoutFailed(f"UMAP can't lay out the map: {result}. Without the package umap-learn, PCA does.")
    return result


def _answer(connection: Connection) -> None:
    vectors = connection.recv()
    try:
        connection.send(_place(vectors))
    except Exception as error:  # told to the one who waits for it
        connection.send(f"{type(error).__name__}: {error}")


def _place(vectors: Vectors) -> Vectors:
    """Learned from a sample; the others are placed among their neighbours in it."""
    from umap import UMAP

    sampled = np.arange(len(vectors)) % -(-len(vectors) // SAMPLE) == 0
    model = UMAP(n_neighbors=NEIGHBOURS, metric="cosine", random_state=0, n_jobs=1).fit(vectors[sampled])
    places = np.empty((len(vectors), 2), np.float32)
    places[sampled] = model.embedding_
    if not sampled.all():
        places[~sampled] = model.transform(vectors[~sampled])
    return places
