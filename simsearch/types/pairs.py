"""Pairs, and what reads, generates, scores, splits and learns from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from simsearch.components import DataKind
from simsearch.types.arrays import Rows, Scores, Vectors
from simsearch.types.documents import Document
from simsearch.types.models import Embedder

if TYPE_CHECKING:
    import numpy as np

LOSS_FOR: dict[DataKind, str] = {
    "pairs": "multiple-negatives",
    "triplets": "multiple-negatives",
    "binary": "online-contrastive",
    "graded": "cosent",
    "margins": "margin-mse",
}
"""The loss for each kind of data if none is named."""

SIMILAR_SCORE = 0.5
"""A pair with this score or more is similar, one below is dissimilar."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, as one row of the user's file.

    Args:
        anchor: The text that a person asks or starts from.
        positive: The text that it should find.
        negatives: Texts that it should not find.
        score: How similar the two are, 0 to 1; None if the file doesn't say.
        columns: The other columns of the row, for splitters and score generators (`date`, `author`, …).
        source: The file it came from.
        row: The row of that file, counted from 1, as an editor or spreadsheet shows it.
        label: The class of both texts, if the file has texts with labels instead of pairs; any two texts of a class
            then belong together.
    """

    anchor: str
    positive: str
    negatives: tuple[str, ...] = ()
    score: float | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    row: int = 0
    label: str | None = None

    @property
    def similar(self) -> bool:
        """Whether the two texts belong together: a pair without a score does."""
        return self.score is None or self.score >= SIMILAR_SCORE


@dataclass(frozen=True, slots=True)
class PairColumns:
    """The names of the columns that a pair reader took for something, as the file writes them.

    Args:
        anchor: That of the anchors; None where the format has no columns.
        positive: That of the positives; None where rows are texts with the label of their class.
        score: That of scores.
        label: That of labels, which say whether two texts match, or which class a text is of.
        negatives: Those of negatives.
    """

    anchor: str | None = None
    positive: str | None = None
    score: str | None = None
    label: str | None = None
    negatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairFile:
    """The pairs of a file, and how it was read.

    Args:
        pairs: In the order of the file.
        rows: Its rows of data, without a header and empty lines.
        columns: Which column was taken for what.
        unread: The columns that nothing was taken from; their values are in each pair's `columns`.
        classes: How many classes there are, where rows are texts with labels.
        notes: What else a person should know, such as rows that were left out, a sentence each.
    """

    pairs: tuple[Pair, ...]
    rows: int
    columns: PairColumns = field(default_factory=PairColumns)
    unread: tuple[str, ...] = ()
    classes: int = 0
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)


@dataclass(frozen=True, slots=True)
class Split:
    """Which pairs train, which choose the checkpoint (dev), and which judge (test): disjoint int64 index arrays that
    together name every pair once."""

    train: Rows
    dev: Rows
    test: Rows


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What a loss learns about its data.

    Args:
        kind: The kind of data, which decides the columns of a batch.
        negatives: Number of negatives in each row (0 if the kind has none).
        loss: Builds another loss from its component string, for losses that wrap one.
    """

    kind: DataKind
    negatives: int
    loss: Callable[[str], LossFactory]


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document and its file (`path` has forward slashes, and is relative to the workspace's folder)."""

    path: str
    document: Document


class PairReader(Protocol):
    """Reads a file of pairs; where it returns a PairFile, `tune` can say how the file was read."""

    def __call__(self, path: Path) -> Iterable[Pair]: ...


class PairGenerator(Protocol):
    def __call__(self, documents: Sequence[FoundDocument]) -> Iterable[Pair]: ...


class ScoreGenerator(Protocol):
    def __call__(self, pairs: Sequence[Pair], random: np.random.Generator) -> Scores: ...


class Splitter(Protocol):
    def __call__(self, pairs: Sequence[Pair], random: np.random.Generator) -> Split: ...


@dataclass(frozen=True, slots=True)
class MiningData:
    """What a negative miner can use.

    Args:
        embedder: The base model.
        load: Loads another model by its name or folder, if it is on this machine.
        search: `(documents, queries, k) -> scores, rows`: the k nearest documents of each query by exact inner
            product, float32 and int64 [q, k]. Its memory doesn't grow with the number of queries.
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
