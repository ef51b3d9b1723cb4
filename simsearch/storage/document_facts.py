"""The strings and lines of a document's chunks, from what a store keeps of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from simsearch.storage.protocols import ChunkedDocument
from simsearch.types import Chunk, Document


def embedded_text(text: str, prefix: str) -> str:
    """The string of a chunk that the model reads."""
    return Chunk(0, len(text), prefix).embedded(Document(text))


def chunk_lines(item: ChunkedDocument) -> Iterator[tuple[int | None, int | None]]:
    """First and last line of each chunk, from 1; none where the text is not the file itself."""
    if not item.document.verbatim:
        yield from ((None, None) for _ in item.chunks)
        return
    ends = [match.start() for match in re.finditer("\n", item.document.text)]
    for chunk in item.chunks:
        yield _line(ends, chunk.start), _line(ends, max(chunk.start, chunk.end - 1))


def _line(ends: list[int], position: int) -> int:
    return bisect_left(ends, position) + 1
