"""Documents and chunks: what is read and cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at character `start` of Document.text; level 1 is the highest. One without text ends a section."""

    start: int
    level: int
    text: str


MarkKind = Literal["link", "anchor", "term", "definition"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a format says about characters [start, end) of Document.text, apart from headings.

    Args:
        kind: A `link`; an `anchor` that links can point to; a `term`, or the `definition` that follows it.
        target: The target of a link, as it is written; the name of an anchor.
    """

    start: int
    end: int
    kind: MarkKind
    target: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to search, which a reader made from a file or from one row of a file.

    Args:
        text: The text that chunks are cut from; all offsets count its characters.
        id: The id of the row; empty for a whole file (its id is its path); `#page=3` for a part of a file (its id is
            the path followed by that).
        title: The title to show above a hit; may be empty.
        headings: The headings, in order of `start`.
        metadata: Values that filters can use (front matter, dates, page numbers); JSON values only.
        verbatim: True if `text` is the decoded file or has as many lines, so that its line numbers are the file's.
        marks: Links and definitions, in order of `start`, if the text no longer shows them.
        notices: What of the file was not read or was guessed, without the file's name and a full stop:
            `3 of 4 pages have no text: pages 2 to 4`. A file's notices are those of its documents, each once.
            A file that was read but has no text gives one document without text that says why.
    """

    text: str
    id: str = ""
    title: str = ""
    headings: tuple[Heading, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    verbatim: bool = False
    marks: tuple[Mark, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """The piece Document.text[start:end]. It is embedded with `prefix` (its heading path or table header) above it,
    which is not displayed."""

    start: int
    end: int
    prefix: str = ""

    def embedded(self, document: Document) -> str:
        """The string that the model reads."""
        text = document.text[self.start : self.end]
        return f"{self.prefix}\n{text}" if self.prefix else text


class TokenCounter(Protocol):
    """Counts tokens as the model does."""

    @property
    def limit(self) -> int:
        """Number of tokens of a document that the model reads, without special tokens and prompt."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Number of tokens in each text, without special tokens."""

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The characters [start, end) of each token of the text, in order."""


@runtime_checkable
class UnknownTokenCounter(TokenCounter, Protocol):
    """A token counter whose model may not know all tokens."""

    def count_unknown(self, texts: Sequence[str]) -> list[int]:
        """Tokens in each text that are not in the vocabulary of the model."""


class Reader(Protocol):
    def __call__(self, path: Path, content: bytes) -> Iterable[Document]: ...


class Chunker(Protocol):
    def __call__(self, document: Document, tokens: TokenCounter) -> Iterable[Chunk]: ...
