"""Cuts a text at its strongest boundaries and fills chunks up to a size counted in the model's own tokens.

The idea of semantic-text-splitter (Ben Brandt): a piece that is too large is divided at the next weaker kind
of boundary, and neighbours are joined again while they fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from simsearch import Chunk, Document, InputError, TokenCounter
from simsearch.builtin.chunkers.boundaries import Boundaries, sentences
from simsearch.builtin.chunkers.measuring import Measure
from simsearch.builtin.chunkers.outline import DEEPEST, LONGEST_NAME, HeadingSpan, Outline, letters

PREFIX_SHARE = 4
SAFE_SHARE = 0.75
"""Of what the model reads: a chunk of whole words with fewer tokens needs no second count by itself."""

Span = tuple[int, int]


class Packer:
    """One document on its way into chunks.

    Args:
        size: Most tokens of a chunk, prefix included; 0 fills up to the model's limit.
        overlap: Tokens that a chunk repeats of the one before it, within a section.
        boundaries: Where a piece that is too large may be divided, strongest first.
        by_headings: Divide by sections before all else.
    """

    def __init__(
        self,
        document: Document,
        tokens: TokenCounter,
        size: int,
        overlap: int,
        boundaries: Sequence[Boundaries],
        by_headings: bool,
    ) -> None:
        self._document = document
        self._text = document.text
        self._tokens = tokens
        self._size = min(size or tokens.limit, tokens.limit)
        if overlap > self._size // 2:
            raise InputError(f"overlap={overlap} is more than half the chunk size of {self._size} tokens.")
        self._overlap = overlap
        self._room = self._size - overlap
        self._boundaries = boundaries
        self._by_headings = by_headings
        self._measure = Measure(self._text, tokens)
        self._outline = Outline(document, tokens, self._size // PREFIX_SHARE)

    def chunks(self) -> list[Chunk]:
        """Chunks in order: together they hold all of the text but blanks."""
        spans = self._pieces(0, len(self._text), 0 if self._by_headings else DEEPEST, 0)
        if self._overlap:
            spans = list(self._overlapping(spans))
        return self._readable([self._chunk(start, end) for start, end in spans])

    def _pieces(self, start: int, end: int, level: int, kind: int) -> list[Span]:
        """Spans that fit: cut at sections deeper than `level`, then at boundaries from the `kind`-th on, then
        between tokens."""
        start, end = self._trimmed(start, end)
        if start >= end:
            return []
        if self._fits(start, end):
            return [(start, end)]
        deeper = [section for section in self._outline.inside(start, end) if section.level > level]
        if deeper:
            return self._by_sections(start, end, deeper, kind)
        for weaker, boundaries in enumerate(self._boundaries[kind:], kind + 1):
            places = [place for place in boundaries(self._text, start, end) if start < place < end]
            cuts = self._without_bare_headings([start, *places, end])
            if len(cuts) > 2:
                parts = pairwise(cuts)
                return self._joined(p for part in parts for p in self._pieces(*part, DEEPEST, weaker))
        return list(self._windows(start, end))

    def _by_sections(self, start: int, end: int, sections: Sequence[HeadingSpan], kind: int) -> list[Span]:
        """Sections that fit are joined with their neighbours; one that had to be cut stays by itself, so that
        its chunks keep its heading."""
        level = min(section.level for section in sections)
        cuts = [start, *(section.start for section in sections if section.level == level), end]
        spans: list[Span] = []
        whole = False
        for part in pairwise(self._without_bare_headings(cuts)):
            pieces = self._pieces(*part, level, kind)
            if whole and len(pieces) == 1 and self._fits(spans[-1][0], pieces[0][1]):
                spans[-1] = (spans[-1][0], pieces[0][1])
            else:
                spans.extend(pieces)
                whole = len(pieces) == 1
        return spans

    def _without_bare_headings(self, cuts: Sequence[int]) -> list[int]:
        """The cuts, but for those that would leave a heading with nothing below it."""
        kept = [cuts[0]]
        for cut in cuts[1:-1]:
            if not self._is_bare(kept[-1], cut):
                kept.append(cut)
        return [*kept, cuts[-1]]

    def _is_bare(self, start: int, end: int) -> bool:
        start, end = self._trimmed(start, end)
        if end - start > 3 * LONGEST_NAME:
            return False
        headings = sum(section.letters for section in self._outline.inside(start - 1, end))
        return headings > 0 and letters(self._text[start:end]) <= headings

    def _joined(self, pieces: Iterable[Span]) -> list[Span]:
        spans: list[Span] = []
        for start, end in pieces:
            if spans and self._fits(spans[-1][0], end):
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans

    def _windows(self, start: int, end: int) -> Iterator[Span]:
        while start < end:
            room = max(1, self._room - self._outline.prefix(start, start + 1).cost)
            stop = min(end, max(start + 1, self._measure.end_of(start, room)))
            span = self._trimmed(start, stop)
            if span[0] < span[1]:
                yield span
            start = stop

    def _overlapping(self, spans: Sequence[Span]) -> Iterator[Span]:
        for index, (start, end) in enumerate(spans):
            yield (self._earlier(start, spans[index - 1][0]), end) if index else (start, end)

    def _earlier(self, start: int, previous: int) -> int:
        """Where a chunk starts that repeats the end of the one before, never all of it: at a sentence, or else
        at a word."""
        lowest = max(
            self._measure.start_of(start, self._overlap), previous + 1, self._outline.section_start(start)
        )
        ends = sentences(self._text, max(lowest - 2, 0), start)
        return next((place for place in ends if lowest <= place < start), self._word(lowest, start))

    def _word(self, lowest: int, start: int) -> int:
        return next((p for p in range(lowest, start) if p == 0 or self._text[p - 1].isspace()), start)

    def _fits(self, start: int, end: int) -> bool:
        room = self._room - self._measure.count(start, end)
        return room >= self._size // PREFIX_SHARE or (
            room >= 0 and self._outline.prefix(start, end).cost <= room
        )

    def _trimmed(self, start: int, end: int) -> Span:
        while start < end and self._text[start].isspace():
            start += 1
        while start < end and self._text[end - 1].isspace():
            end -= 1
        return start, end

    def _chunk(self, start: int, end: int) -> Chunk:
        return Chunk(start, end, self._outline.prefix(start, end).words)

    def _readable(self, chunks: list[Chunk]) -> list[Chunk]:
        """The chunks, but for those that count more tokens when their text stands by itself."""
        doubtful = [chunk for chunk in chunks if self._may_be_longer(chunk)]
        counts = self._tokens.count([chunk.embedded(self._document) for chunk in doubtful])
        too_long = {
            chunk for chunk, count in zip(doubtful, counts, strict=True) if count > self._tokens.limit
        }
        if not too_long:
            return chunks
        return [
            part
            for chunk in chunks
            for part in (self._readable(self._smaller(chunk)) if chunk in too_long else [chunk])
        ]

    def _may_be_longer(self, chunk: Chunk) -> bool:
        """Whether a chunk by itself may count more tokens than the model reads: a tokenizer may read a part of a word
        in another way than the word, but hardly whole words."""
        start, end = chunk.start, chunk.end
        edges = self._text[start - 1 : start] + self._text[end : end + 1]
        most = self._measure.count(start, end) + self._size // PREFIX_SHARE
        return most > SAFE_SHARE * self._tokens.limit or not all(map(str.isspace, edges))

    def _smaller(self, chunk: Chunk) -> list[Chunk]:
        if chunk.prefix:
            return [Chunk(chunk.start, chunk.end)]
        middle = self._measure.end_of(chunk.start, max(1, self._measure.count(chunk.start, chunk.end) // 2))
        if not chunk.start < middle < chunk.end:
            middle = (chunk.start + chunk.end) // 2
        if middle == chunk.start:
            raise InputError("The model's token limit is too small for even a single character.")
        return [Chunk(chunk.start, middle), Chunk(middle, chunk.end)]
