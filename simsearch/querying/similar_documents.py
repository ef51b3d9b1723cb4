"""Find documents similar to a document: near the mean of its chunks, with its rarest words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from simsearch.errors import InputError
from simsearch.plugins.registry import Registry
from simsearch.querying.indexed_documents import FoundDocuments
from simsearch.querying.searcher import Answer, Searcher
from simsearch.querying.step_times import Stopwatch
from simsearch.storage.capabilities import Listing
from simsearch.storage.document_ids import document_id
from simsearch.storage.protocols import Snapshot
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
    chunker = searcher.snapshot.identity.chunker

    def average() -> Vectors:
        return average_chunks(documents, searcher.embedder, chunker, registry)

    return _answer(documents, searcher, average, own)


def find_similar_to_indexed(found: FoundDocuments, searcher: Searcher, registry: Registry) -> Answer:
    """Answer with documents that are similar to documents of the index, which are left out; nothing is embedded if
    all their vectors are stored.

    Raises:
        InputError: They have no text.
    """
    snapshot, documents = searcher.snapshot, found.documents

    def average() -> Vectors:
        stored = _average_stored(found, snapshot)
        if stored is not None:
            return stored
        return average_chunks(documents, searcher.embedder, snapshot.identity.chunker, registry)

    return _answer(documents, searcher, average, _own_names(found, snapshot))


def _answer(
    documents: Sequence[Document],
    searcher: Searcher,
    average: Callable[[], Vectors],
    own: Collection[str],
) -> Answer:
    watch = Stopwatch()
    text = storable("\n".join(document.text for document in documents)).replace('"', " ")
    if not text.strip():
        raise InputError("The document has no text to compare with.")
    with watch.step("embed"):
        vector = average() if searcher.needs_vector else None
    return searcher.with_teaching(None).answer(text, vector, watch, without=own)


def average_chunks(
    documents: Sequence[Document], embedder: Embedder, chunker: str, registry: Registry
) -> Vectors:
    """The direction of the mean of the documents' chunks, float32 [1, d]."""
    cut = registry.chunker(chunker).value
    strings = [chunk.embedded(document) for document in documents for chunk in cut(document, embedder.tokens)]
    return _average(embedder.encode(_spread(strings)))


def _average_stored(found: FoundDocuments, snapshot: Snapshot) -> Vectors | None:
    """The same of stored vectors; None if the store can't list them, or some are missing."""
    if not isinstance(snapshot, Listing):
        return None
    ids = {document.id for document in found.documents}
    chunked = (item for item in snapshot.chunked(found.path) if item.document.id in ids)
    keys = _spread([key for item in chunked for key in item.keys])
    return None if not keys or snapshot.missing(keys) else _average(snapshot.vectors(keys))


def _own_names(found: FoundDocuments, snapshot: Snapshot) -> Collection[str]:
    """The path of a whole file; the id of one part of it, so that its other parts are found."""
    if len(found.documents) == len(snapshot.documents(found.path)):
        return {found.path}
    root = snapshot.files()[found.path].root
    return {document_id(document.id, found.path, root) for document in found.documents}


def _spread(items: Sequence[str]) -> Sequence[str]:
    """At most MOST_CHUNKS of them, evenly spread."""
    return items[:: -(-len(items) // MOST_CHUNKS) or 1]


def _average(vectors: Vectors) -> Vectors:
    mean = vectors.mean(axis=0, keepdims=True)
    average: Vectors = (mean / (np.linalg.norm(mean) or 1.0)).astype(np.float32)
    return average
