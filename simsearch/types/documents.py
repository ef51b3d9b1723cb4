"""What is read and cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at character `start` of Document.text, level 1 the highest; without words where a section ends and
    no other of its level begins."""

    start: int
    level: int
    text: str


MarkKind = Literal["link", "anchor", "term", "definition"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a format says of characters [start, end) of Document.text, besides headings.

    Args:
        kind: A `link`; an `anchor` that links lead to; a `term`, or the `definition` that follows it.
        target: Where a link leads, as it is written; the name of an anchor.
    """

    start: int
    end: int
    kind: MarkKind
    target: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to search, as a reader made it of a file or of one row of a file.

    Args:
        text: What chunks are cut from; offsets everywhere count its characters.
        id: The row's own id; empty for a document that is a whole file (its path is its id); `#page=3` for a
            part of a file (its path and that).
        title: What to show above a hit; may be empty.
        headings: In order of `start`.
        metadata: What filters can ask for (front matter, dates, page numbers); JSON values only.
        verbatim: True if `text` is the decoded file itself, so that its line numbers are the file's.
        marks: In order of `start`, from formats whose text no longer shows them.
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
    """The piece Document.text[start:end], embedded below `prefix` (its heading path or table header),
    which is not displayed."""

    start: int
    end: int
    prefix: str = ""

    def embedded(self, document: Document) -> str:
        """The string that the model reads."""
        text = document.text[self.start : self.end]
        return f"{self.prefix}\n{text}" if self.prefix else text


class TokenCounter(Protocol):
    """Counts text as the model will read it."""

    @property
    def limit(self) -> int:
        """How many tokens of a document the model reads, special tokens and prompt taken off."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens in each text, special tokens left out."""

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The characters [start, end) of each token of the text, in order."""


class Reader(Protocol):
    def __call__(self, path: Path, content: bytes) -> Iterable[Document]: ...


class Chunker(Protocol):
    def __call__(self, document: Document, tokens: TokenCounter) -> Iterable[Chunk]: ...
