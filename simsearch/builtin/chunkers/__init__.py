"""Built-in chunkers: documents to pieces that the model can read whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simsearch import Chunk, Component, Document, InputError, TokenCounter, hookimpl
from simsearch.builtin.chunkers.boundaries import Boundaries, blocks, lines, paragraphs
from simsearch.builtin.chunkers.boundaries import sentences as sentence_ends
from simsearch.builtin.chunkers.packing import Packer
from simsearch.builtin.readers.code import is_code
from simsearch.types import Chunker

SIZE = 128
"""Tokens; such chunks are found better than those that fill up what the model reads (benchmarks/chunking.py)."""

_PROSE = (paragraphs, sentence_ends, lines)
_CODE = (blocks, blocks, blocks, paragraphs, lines)  # each time one level deeper


@hookimpl
def simsearch_chunkers() -> list[Component]:
    return [
        Component(
            "structure", "By headings, then paragraphs, then sentences; code by definitions", structure
        ),
        Component("sentences", "Whole sentences", sentences),
        Component("lines", "Whole lines", whole_lines),
        Component("tokens", "Windows of equal length", tokens),
        Component("whole", "One chunk per document; cut only where the model can't read it whole", whole),
    ]


def structure(size: int = SIZE, overlap: int = 0) -> Chunker:
    """Sections, where they fit joined with their neighbours, where they don't cut at paragraphs, then sentences;
    code at definitions, then lines.

    Args:
        size: Most tokens of a chunk; 0 fills up to what the model reads.
        overlap: Tokens that a chunk repeats of the one before it.
    """
    return _packed("structure", size, overlap, _structure_of, by_headings=True)


def sentences(size: int = 0, overlap: int = 0) -> Chunker:
    """As many whole sentences as fit."""
    return _packed("sentences", size, overlap, lambda document: (sentence_ends,))


def whole_lines(size: int = 0, overlap: int = 0) -> Chunker:
    """As many whole lines as fit."""
    return _packed("lines", size, overlap, lambda document: (lines,))


def tokens(size: int = 0, overlap: int = 0) -> Chunker:
    """As many words as fit, whatever they belong to."""
    return _packed("tokens", size, overlap, lambda document: ())


def whole() -> Chunker:
    """A document a chunk; one that is longer than the model reads becomes several."""
    return _packed("whole", 0, 0, lambda document: ())


def _structure_of(document: Document) -> Sequence[Boundaries]:
    return _CODE if is_code(document) else _PROSE


def _packed(
    name: str,
    size: int,
    overlap: int,
    boundaries_of: Callable[[Document], Sequence[Boundaries]],
    by_headings: bool = False,
) -> Chunker:
    if size < 0 or overlap < 0:
        raise InputError(f"'{name}' needs a size and an overlap of 0 or more tokens.")

    def chunk(document: Document, tokens: TokenCounter) -> list[Chunk]:
        return Packer(document, tokens, size, overlap, boundaries_of(document), by_headings).chunks()

    return chunk
