"""Find documents similar to a file: near the mean of its chunks, with its rarest words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from simsearch.errors import InputError
from simsearch.plugins.registry import Registry
from simsearch.querying.searcher import Answer, Searcher
from simsearch.querying.step_times import Stopwatch
from simsearch.types import Document, Embedder, Vectors
from simsearch.utf8 import storable

MOST_CHUNKS = 64
"""The number of chunks, evenly spread over a document, that its mean vector is made of."""


def find_similar(
    documents: Sequence[Document], searcher: Searcher, registry: Registry, own: Collection[str]
) -> Answer:
    """Answer with documents that are similar to some documents.

    Args:
        own: Paths that the index may use for their own file, which is left out.

    Raises:
        InputError: The documents have no text.
    """
    watch = Stopwatch()
    text = storable("\n".join(document.text for document in documents)).replace('"', " ")
    if not text.strip():
        raise InputError("The file has no text to compare with.")
    with watch.step("embed"):
        chunker = searcher.snapshot.identity.chunker
        vector = (
            average_chunks(documents, searcher.embedder, chunker, registry) if searcher.needs_vector else None
        )
    return searcher.answer(text, vector, watch, without=own)


def average_chunks(
    documents: Sequence[Document], embedder: Embedder, chunker: str, registry: Registry
) -> Vectors:
    """The direction of the mean of the documents' chunks, float32 [1, d]."""
    cut = registry.chunker(chunker).value
    strings = [chunk.embedded(document) for document in documents for chunk in cut(document, embedder.tokens)]
    spread = strings[:: -(-len(strings) // MOST_CHUNKS)]
    mean = embedder.encode(spread).mean(axis=0, keepdims=True)
    vector: Vectors = (mean / (np.linalg.norm(mean) or 1.0)).astype(np.float32)
    return vector
