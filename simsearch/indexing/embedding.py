"""Strings to vectors in the store, each distinct one once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simsearch.indexing.model import Model
from simsearch.storage.protocols import Writer

BLOCK = 256
"""Strings between two reports of progress."""


def embed_missing(writer: Writer, model: Model, strings: Mapping[str, str]) -> Iterator[int]:
    """Embed strings by key and put their vectors; yields how many are done.

    Strings of like length go together: a batch is as slow as its longest one.
    """
    keys = sorted(strings, key=lambda key: (len(strings[key]), key), reverse=True)
    for start in range(0, len(keys), BLOCK):
        block = keys[start : start + BLOCK]
        writer.put_vectors(block, model.embedder.encode([strings[key] for key in block]))
        yield start + len(block)
