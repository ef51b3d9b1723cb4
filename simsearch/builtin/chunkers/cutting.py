"""Chunkers: where a document may be divided, and the packer that does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simsearch import Chunk, Document, InputError, TokenCounter
from simsearch.builtin.chunkers.boundaries import Boundaries, blocks, lines, paragraphs, sentences
from simsearch.builtin.readers.languages import is_code
from simsearch.types import Chunker

_PROSE = (paragraphs, sentences, lines)
_CODE = (blocks, blocks, blocks, paragraphs, lines)  # each time one level deeper


def structure_of(document: Document) -> Sequence[Boundaries]:
    """The boundaries of code or of prose."""
    return _CODE if is_code(document) else _PROSE


def make_chunker(
    name: str,
    size: int,
    overlap: int,
    boundaries_of: Callable[[Document], Sequence[Boundaries]],
    by_headings: bool = False,
) -> Chunker:
    """A chunker of that name.

    Args:
        size: Most tokens of a chunk; 0 fills up to what the model reads.
        overlap: Tokens that a chunk repeats of the one before it.
        boundaries_of: Where a document may be divided, strongest first.
        by_headings: Divide by sections before all else.

    Raises:
        InputError: A size or an overlap is negative.
    """
    if size < 0 or overlap < 0:
        raise InputError(f"'{name}' needs a size and an overlap of 0 or more tokens.")

    def chunk(document: Document, tokens: TokenCounter) -> list[Chunk]:
        from simsearch.builtin.chunkers.packing import Packer  # a run that changes nothing cuts nothing

        return Packer(document, tokens, size, overlap, boundaries_of(document), by_headings).chunks()

    return chunk
