"""The id of a document, and the strings and lines of its chunks, from what a store keeps of it."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator

from simsearch.storage.protocols import ChunkedDocument
from simsearch.types import Chunk, Document


def document_id(name: str, path: str, root: str) -> str:
    """A document's id: its own, its file's, or its part's behind its file's (`docs/report.pdf#page=3`)."""
    return name if name and not name.startswith("#") else f"{_relative(path, root)}{name}"


def _relative(path: str, root: str) -> str:
    """A file's path below the parent of the root it was found under."""
    return posixpath.relpath(path, posixpath.dirname(root) or ".")


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
