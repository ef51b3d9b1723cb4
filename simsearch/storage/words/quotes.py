"""What is quoted is found as written: ignoring case, without stemming, and across the borders of chunks.

The word index names the documents that may contain a quote; their texts decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Protocol

import numpy as np

from simsearch.storage.words.normalisation import as_written, as_written_with_offsets
from simsearch.storage.words.scripts import MARKS, UNSPACED
from simsearch.types import Rows

FEW_DOCUMENTS = 100
"""So few documents are read rather than looked up for another word of the quote."""

_MARKUP = "*_`~"
_GAP = rf"(?=[{_MARKUP}>#|]*\s)[{_MARKUP}>#|\s]++"
"""A space of a quote: any white space, with the marks of Markdown that a rendered page doesn't show."""

_SPACED = f"(?![{UNSPACED}])[^\\W_]"
_PIECE = re.compile(rf"\s+|[\w{MARKS}]+|.", re.DOTALL)
_SINGLE_LETTER = re.compile(r"(?<![^\W_])[^\W\d_]$")


@lru_cache(maxsize=64)
def quote_pattern(quote: str) -> re.Pattern[str]:
    """What finds a quote in a text that is given `as_written`: the same characters, from word to word."""
    text = as_written(quote).strip()
    loose = not set(text) & set(f"{_MARKUP}>#|")
    pieces = [_piece_pattern(piece, loose) for piece in _PIECE.findall(text)]
    starts = f"(?<!{_SPACED})" if re.match(_SPACED, text) else ""
    ends = f"(?![{MARKS}])(?!{_SPACED})" if re.match(_SPACED, text[-1:]) else f"(?![{MARKS}])"
    whole = (
        r"(?!\+\+|#(?![^\W\d_]))" if _SINGLE_LETTER.search(text) else ""
    )  # C++ and C# are words of their own
    return re.compile(starts + "".join(pieces) + ends + whole)


def _piece_pattern(piece: str, loose: bool) -> str:
    if piece.isspace():
        return _GAP if loose else r"\s++"
    between = f"[{_MARKUP}]*+" if loose and not (piece[0].isalnum() or piece[0] == "_") else ""
    return f"{between}{re.escape(piece)}{between}"


@dataclass(frozen=True, slots=True)
class QuotedDocument:
    """A document that may contain a quote.

    Args:
        path: Of its file.
        name: Document.id.
        chunks: Number, start, end and prefix of each, by start.
    """

    path: str
    name: str
    title: str
    text: str
    chunks: Sequence[tuple[int, int, int, str]]


class QuotedTexts(Protocol):
    """Where quotes are looked for: the terms and the texts of an index."""

    def having(self, quote: str) -> Iterator[Rows]:
        """For each word of a quote the chunks that may have it, int64 ascending, the rarest word first."""

    def documents_of(self, chunks: Rows) -> set[int]:
        """The documents that some chunks are from."""

    def every_document(self) -> set[int]:
        """All documents with chunks."""

    def read(self, documents: Sequence[int]) -> Iterator[QuotedDocument]:
        """Some documents."""


def find_quotes(texts: QuotedTexts, quotes: Sequence[str]) -> Rows:
    """The chunks that have a part of one of the quotes, of the documents that contain them all: int64 ascending."""
    patterns = [quote_pattern(quote) for quote in quotes]
    documents: set[int] | None = None
    for quote in quotes:
        documents = _candidates(texts, quote, documents)
    found = texts.read(sorted(documents or ()))
    chunks = [chunk for document in found for chunk in _quoting_chunks(document, patterns)]
    return np.unique(np.array(chunks, np.int64))


def _candidates(texts: QuotedTexts, quote: str, among: set[int] | None) -> set[int]:
    """The documents that may contain a quote."""
    documents = among
    for rows in texts.having(quote):
        if documents is not None and len(documents) <= FEW_DOCUMENTS:
            break
        found = texts.documents_of(rows)
        documents = found if documents is None else documents & found
    return texts.every_document() if documents is None else documents  # a quote without words, such as `->`


def _quoting_chunks(document: QuotedDocument, patterns: Sequence[re.Pattern[str]]) -> set[int]:
    """The chunks of a document that quotes are in; none unless all quotes are in the document."""
    about = [document.title] if document.name else [document.title, PurePosixPath(document.path).name]
    found = [set(_quoting(pattern, document.text, document.chunks, about)) for pattern in patterns]
    return set().union(*found) if all(found) else set()


def _quoting(
    pattern: re.Pattern[str], text: str, chunks: Sequence[tuple[int, int, int, str]], about: Sequence[str]
) -> Iterator[int]:
    """The chunks that one quote is in: those that contain it or have it in their prefix; if there are none, those
    whose border it crosses; if it is only in the title or the name of the file, all."""
    in_text = bool(pattern.search(as_written(text)))
    inside = [
        chunk
        for chunk, start, end, prefix in chunks
        if (in_text and pattern.search(as_written(text[start:end]))) or pattern.search(as_written(prefix))
    ]
    if inside:
        yield from inside
    elif in_text:
        for first, last in _spans(pattern, text):
            yield from (chunk for chunk, start, end, _ in chunks if start < last and first < end)
    elif any(pattern.search(as_written(words)) for words in about):
        yield from (chunk for chunk, *_ in chunks)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where a quote is in a text, in the text's own offsets."""
    plain, offsets = as_written_with_offsets(text)
    for found in pattern.finditer(plain):
        yield offsets[found.start()], offsets[found.end()]
