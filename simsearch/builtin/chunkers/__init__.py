"""Built-in chunkers: documents to pieces that the model can read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:  # what cuts is imported by the functions that make a chunker, so that declaring stays cheap
    from simsearch.types import Chunker

SIZE = 128
"""Tokens; such chunks are found better than those that fill up what the model reads (benchmarks/chunking.py)."""


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
    from simsearch.builtin.chunkers.cutting import make_chunker, structure_of

    return make_chunker("structure", size, overlap, structure_of, by_headings=True)


def sentences(size: int = 0, overlap: int = 0) -> Chunker:
    """As many whole sentences as fit."""
    from simsearch.builtin.chunkers.boundaries import sentences
    from simsearch.builtin.chunkers.cutting import make_chunker

    return make_chunker("sentences", size, overlap, lambda document: (sentences,))


def whole_lines(size: int = 0, overlap: int = 0) -> Chunker:
    """As many whole lines as fit."""
    from simsearch.builtin.chunkers.boundaries import lines
    from simsearch.builtin.chunkers.cutting import make_chunker

    return make_chunker("lines", size, overlap, lambda document: (lines,))


def tokens(size: int = 0, overlap: int = 0) -> Chunker:
    """As many words as fit, whatever they belong to."""
    from simsearch.builtin.chunkers.cutting import make_chunker

    return make_chunker("tokens", size, overlap, lambda document: ())


def whole() -> Chunker:
    """A document a chunk; one that is longer than the model reads becomes several."""
    from simsearch.builtin.chunkers.cutting import make_chunker

    return make_chunker("whole", 0, 0, lambda document: ())
