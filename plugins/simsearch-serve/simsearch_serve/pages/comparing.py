"""Two models rank the same passages for one question.

An index holds the vectors of one model. What another model would find in all of it is not known, so both rank the same
candidates: what the words and the index's own model find. The other model embeds these few texts.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simsearch.querying.query_syntax import plain_words
from simsearch.storage.document_facts import embedded_text
from simsearch.storage.protocols import ChunkRecord, Snapshot
from simsearch.types import Embedder, Rows, Scores, Vectors
from simsearch.utf8 import storable

CANDIDATES = 30
"""Passages that the words give, and as many that the vectors give."""

MODELS_KEPT, VECTORS_KEPT = 2, 4000


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that are ranked.

    Args:
        by_words: How many of them are among the best by their words; `by_meaning` by the index's model.
    """

    records: tuple[ChunkRecord, ...]
    by_words: int
    by_meaning: int


@dataclass(frozen=True, slots=True)
class Move:
    """A passage in the ranking of a model.

    Args:
        rank: From 1.
        other: Its rank by the other model.
    """

    record: ChunkRecord
    rank: int
    other: int

    @property
    def gain(self) -> int:
        """How many places higher than by the other model."""
        return self.other - self.rank


class OtherModels:
    """Models other than that of the index, and the vectors that they made; the latest of both stay in memory.

    Args:
        load: Loads a model by its name.
    """

    def __init__(self, load: Callable[[str], Embedder]) -> None:
        self._load = load
        self._models: OrderedDict[str, Embedder] = OrderedDict()
        self._vectors: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def score(self, name: str, question: str, records: Sequence[ChunkRecord]) -> Scores:
        """The cosine of a question with each passage by a model, float32 [n]."""
        with self._lock:
            model = self._find(name)
            query = model.encode([plain_words(question)], "query")[0]
            texts = [embedded_text(record.text, record.prefix) for record in records]
            scores: Scores = self._encode(model, texts) @ query
            return scores

    def _find(self, name: str) -> Embedder:
        model = self._models.pop(name, None) or self._load(name)
        self._models[name] = model
        if len(self._models) > MODELS_KEPT:
            self._models.popitem(last=False)
        return model

    def _encode(self, model: Embedder, texts: Sequence[str]) -> Vectors:
        keys = [(model.fingerprint, text) for text in texts]
        missing = [key for key in dict.fromkeys(keys) if key not in self._vectors]
        if missing:
            self._vectors |= zip(missing, model.encode([text for _, text in missing]), strict=True)
        vectors: Vectors = np.stack([self._vectors[key] for key in keys])
        while len(self._vectors) > VECTORS_KEPT:
            self._vectors.popitem(last=False)
        return vectors


def find_candidates(question: str, snapshot: Snapshot, own: Embedder) -> Candidates:
    """The passages that the words of a question and the index's own model find."""
    text = storable(question)
    words = snapshot.search_words(text, CANDIDATES).chunks.tolist()
    vector = own.encode([plain_words(text)], "query")
    meaning = snapshot.search(vector, CANDIDATES)[0].chunks.tolist()
    both = list(dict.fromkeys([*meaning, *words]))
    return Candidates(tuple(snapshot.chunks(both)), len(words), len(meaning))


def rank_by_own(question: str, candidates: Candidates, snapshot: Snapshot, own: Embedder) -> Rows:
    """The candidates as the index's own model ranks them, by the vectors that are stored: int64 [n], rows of
    `candidates.records`, best first. A passage that is pending has no vector yet, and is embedded now."""
    vector = own.encode([plain_words(storable(question))], "query")
    scores = snapshot.score(vector, [record.chunk for record in candidates.records])[0]
    pending = np.flatnonzero(np.isnan(scores))
    if len(pending):
        records = [candidates.records[row] for row in pending]
        texts = [embedded_text(record.text, record.prefix) for record in records]
        scores[pending] = own.encode(texts) @ vector[0]
    return _best_first(scores)


def rank_by_other(name: str, question: str, candidates: Candidates, others: OtherModels) -> Rows:
    """The candidates as another model ranks them, which embeds them now; like `rank_by_own`."""
    return _best_first(others.score(name, storable(question), candidates.records))


def find_moves(order: Rows, other: Rows, candidates: Candidates, most: int) -> list[Move]:
    """The first passages of a ranking, each with its rank in another one."""
    ranks = {int(row): rank for rank, row in enumerate(other, 1)}
    return [
        Move(candidates.records[row], rank, ranks[int(row)])
        for rank, row in enumerate(order[:most].tolist(), 1)
    ]


def _best_first(scores: Scores) -> Rows:
    order: Rows = np.argsort(-scores, kind="stable")
    return order
