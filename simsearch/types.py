"""The values that cross rooms: frozen records, and the protocols that components fulfil."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Scores = NDArray[np.float32]
    Rows = NDArray[np.int64]
else:  # names to import at run time, without numpy's 70 ms
    Vectors = Scores = Rows = Any

Role = Literal["query", "document"]
"""What a text is to the model: models with prompts embed questions and documents differently."""

DataKind = Literal["pairs", "triplets", "binary", "graded", "margins"]
"""What training data offers: similar pairs; pairs with negatives; pairs scored 0 or 1; pairs scored
between 0 and 1; pairs with negatives where both sides are scored."""


# Plugins ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Component:
    """One thing a plugin offers, declared without importing anything heavy.

    Args:
        name: What users write, in lower case with hyphens: `by-author`.
        summary: One line for `simsearch plugins`.
        build: Makes the working object from the arguments of a component string
            (`by-author:field=name,dev=0.1`); heavy imports belong inside it. Its signature is the
            documentation: names, types and defaults are checked and shown.
        accepts: What it takes. Losses: kinds of data (see `DataKind`). Readers and pair readers: file
            name endings in lower case (`.md`), or `*` for any file that no other reader takes.
            Empty for all other hooks.
    """

    name: str
    summary: str
    build: Callable[..., Any]
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know now; a warning when `warning` is set."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task has come: `done` of `total` units (total is None while unknown)."""

    task: str
    done: int
    total: int | None = None
    detail: str = ""


Event = Notice | Progress
Observer = Callable[[Event], None]


# Tuning ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, as one row of the user's file.

    Args:
        anchor: What a person asks or starts from.
        positive: What it should find.
        negatives: Texts that it should not find.
        score: How similar the two are, 0 to 1; None where the file says nothing.
        columns: The row's other columns, for splitters and score generators (`date`, `author`, …).
        source: The file it came from.
        row: Its row there, counted from 1 as an editor or spreadsheet shows it.
        label: The class that both texts are of, where the file has texts with labels in place of pairs; any two
            texts of one class then belong together.
    """

    anchor: str
    positive: str
    negatives: tuple[str, ...] = ()
    score: float | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    row: int = 0
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Which pairs train, which choose the checkpoint, and which judge: disjoint int64 index arrays that
    together name every pair once."""

    train: Rows
    dev: Rows
    test: Rows


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What a loss is told of the data it will see.

    Args:
        kind: Which columns each batch has.
        negatives: How many negatives each row has (0 where the kind has none).
        loss: Builds another loss by its component string, for losses that wrap one.
    """

    kind: DataKind
    negatives: int
    loss: Callable[[str], LossFactory]


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document and the file it was read from (`path` with forward slashes, relative to the workspace's folder)."""

    path: str
    document: Document


class PairReader(Protocol):
    def __call__(self, path: Path) -> Iterable[Pair]: ...


class PairGenerator(Protocol):
    def __call__(self, documents: Sequence[FoundDocument]) -> Iterable[Pair]: ...


class ScoreGenerator(Protocol):
    def __call__(self, pairs: Sequence[Pair], random: np.random.Generator) -> Scores: ...


class Splitter(Protocol):
    def __call__(self, pairs: Sequence[Pair], random: np.random.Generator) -> Split: ...


@dataclass(frozen=True, slots=True)
class MiningData:
    """What a negative miner may use.

    Args:
        embedder: The base model.
        load: Another model by its name or folder, if it is on this machine.
        search: `(documents, queries, k) -> scores, rows`: the k nearest documents of each query by exact inner
            product, float32 and int64 [q, k], in memory that doesn't grow with the number of queries.
    """

    embedder: Embedder
    load: Callable[[str], Embedder]
    search: Callable[[Vectors, Vectors, int], tuple[Scores, Rows]]


class NegativeMiner(Protocol):
    def __call__(
        self, pairs: Sequence[Pair], data: MiningData, random: np.random.Generator
    ) -> Sequence[Sequence[str]]: ...


class LossFactory(Protocol):
    def __call__(self, model: Any, data: TrainingData) -> Any: ...


# Documents -------------------------------------------------------------------------------------------


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
    """

    text: str
    id: str = ""
    title: str = ""
    headings: tuple[Heading, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    verbatim: bool = False
    marks: tuple[Mark, ...] = ()


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


# Search ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truncation:
    """What an embedder could not read: how many texts were cut, and how many tokens were lost by it."""

    texts: int = 0
    tokens: int = 0

    def __add__(self, other: Truncation) -> Truncation:
        return Truncation(self.texts + other.texts, self.tokens + other.tokens)


class Embedder(Protocol):
    """Texts to unit vectors."""

    @property
    def name(self) -> str:
        """What the user calls the model."""

    @property
    def fingerprint(self) -> str:
        """sha256 over all that decides a vector (weights, tokenizer, pooling, prompts): equal
        fingerprints give comparable vectors."""

    @property
    def dimension(self) -> int:
        """d, the length of a vector."""

    @property
    def tokens(self) -> TokenCounter:
        """Counts text as this model reads documents."""

    @property
    def truncation(self) -> Truncation:
        """What has been cut since the embedder was loaded."""

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        """float32 [n, d] of unit length, in input order."""

    def stream(self, texts: Iterable[str], role: Role = "document") -> Iterator[Vectors]:
        """As encode, in blocks of rows, reading the input as it goes: memory stays flat."""


class Reranker(Protocol):
    def __call__(self, question: str, texts: Sequence[str]) -> Scores: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; higher scores are nearer.

    Args:
        rank: From 1.
        score: What ranked it.
        scores: Each part's own score (`dense`: cosine, -1 to 1; `lexical`: BM25, 0 and up).
        path: The file, relative to the workspace's folder.
        id: The document's id.
        text: The chunk, Document.text[start:end].
        lines: First and last line in the file, from 1; None where the text isn't the file itself.
        heading: What stands above the text: its headings from the outermost on, or the header of its table.
        ranks: Each part's own rank, from 1; without a part that didn't have it among its best.
        matched: The characters [start, end) of `text` that are words of the question.
        others: How many more chunks of the document are among the best.
        duplicates: The paths of results left out since their text is nearly the same.
        confidence: How sure it is that this answers the question, 0 to 1 (see querying/confidence.py); None
            where that can't be told.
    """

    rank: int
    score: float
    scores: Mapping[str, float]
    path: str
    id: str
    title: str
    text: str
    start: int
    end: int
    lines: tuple[int, int] | None
    metadata: Mapping[str, Any]
    heading: str = ""
    ranks: Mapping[str, int] = field(default_factory=dict)
    matched: tuple[tuple[int, int], ...] = ()
    others: int = 0
    duplicates: tuple[str, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer came about.

    Args:
        fusion: `convex` with its `weight` of dense, or `rrf`; both None where only one part ranked.
        candidates: How many chunks each part gave.
        allowed: How many chunks the filter left of `chunks`; None without a filter.
        index: How the nearest chunks were found: `exact`, or the kind of approximate index.
        milliseconds: By step, in order.
    """

    mode: str
    fusion: str | None
    weight: float | None
    candidates: Mapping[str, int]
    chunks: int
    allowed: int | None
    index: str
    milliseconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class View:
    """Where results will be seen: `width` columns, with colours or without, and what explains them, where
    the user has asked for that."""

    width: int = 80
    colour: bool = False
    explanation: Explanation | None = None


class Formatter(Protocol):
    def __call__(self, hits: Sequence[Hit], view: View) -> str: ...
