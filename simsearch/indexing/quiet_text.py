"""The text that is indexed of a document: without encoded data and minified code, which stay in what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simsearch.noise import Cut
from simsearch.types import Chunk, Document


def without(document: Document, cut: Cut) -> Document:
    """A document without the noise of its text; its lines keep their numbers."""
    return replace(
        document,
        text=cut.text,
        headings=tuple(replace(one, start=cut.place(one.start)) for one in document.headings),
        marks=tuple(
            replace(one, start=cut.place(one.start), end=cut.place(one.end)) for one in document.marks
        ),
    )


def chunks_of_original(chunks: tuple[Chunk, ...], cut: Cut) -> Iterator[Chunk]:
    """Chunks of a text without noise as those of the whole text: noise within one parts it."""
    for chunk in chunks:
        for start, end in cut.originals(chunk.start, chunk.end):
            yield replace(chunk, start=start, end=end)
