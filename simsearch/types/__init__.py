"""The values that cross rooms: frozen records, and the protocols that components fulfil."""

from simsearch.types.answers import Explanation, Formatter, Hit, Reranker, View, WeightBy
from simsearch.types.arrays import Rows, Scores, Vectors
from simsearch.types.components import Component, Event, Notice, Observer, Progress
from simsearch.types.documents import Chunk, Chunker, Document, Heading, Mark, MarkKind, Reader, TokenCounter
from simsearch.types.judgements import Judgement
from simsearch.types.models import Embedder, Role, Truncation
from simsearch.types.pairs import (
    LOSS_FOR,
    SIMILAR_SCORE,
    DataKind,
    FoundDocument,
    LossFactory,
    MiningData,
    NegativeMiner,
    Pair,
    PairGenerator,
    PairReader,
    ScoreGenerator,
    Split,
    Splitter,
    TrainingData,
)

__all__ = [
    "LOSS_FOR",
    "SIMILAR_SCORE",
    "Chunk",
    "Chunker",
    "Component",
    "DataKind",
    "Document",
    "Embedder",
    "Event",
    "Explanation",
    "Formatter",
    "FoundDocument",
    "Heading",
    "Hit",
    "Judgement",
    "LossFactory",
    "Mark",
    "MarkKind",
    "MiningData",
    "NegativeMiner",
    "Notice",
    "Observer",
    "Pair",
    "PairGenerator",
    "PairReader",
    "Progress",
    "Reader",
    "Reranker",
    "Role",
    "Rows",
    "ScoreGenerator",
    "Scores",
    "Split",
    "Splitter",
    "TokenCounter",
    "TrainingData",
    "Truncation",
    "Vectors",
    "View",
    "WeightBy",
]
