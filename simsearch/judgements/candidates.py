"""What could answer each judged question: searched for once, and scored again for every teaching that is tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simsearch.judgements.judged_questions import JudgedQuestion
from simsearch.querying.fusion import fuse
from simsearch.querying.memory import Pulls, change_cosines, documents_of
from simsearch.querying.ranking import FUSED_DEPTH, rank
from simsearch.querying.searcher import Searcher
from simsearch.querying.step_times import Stopwatch
from simsearch.storage.conditions import FieldComparison
from simsearch.storage.protocols import Snapshot
from simsearch.types import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The chunks that could answer one question.

    Args:
        ids: The id of each chunk's document, best first.
        lexical: BM25 scores by chunk.
        weight: The weight of the cosine.
        chunks: How many the index has.
        documents: Those that the search finds without any teaching, best first.
    """

    ids: Mapping[int, str]
    lexical: Mapping[int, float]
    weight: float
    chunks: int
    documents: tuple[str, ...]

    def rank(self, cosines: Mapping[int, float], pulls: Pulls) -> list[str]:
        """The documents as a hybrid search ranks them.

        Args:
            cosines: Of the question with the chunks.
            pulls: What judged questions say of documents.
        """
        changes = change_cosines(cosines, self.ids, pulls)
        dense = {chunk: cosine + changes.get(chunk, 0.0) for chunk, cosine in cosines.items()}
        fused = fuse(dense, self.lexical, self.weight, self.chunks)
        return list(dict.fromkeys(self.ids[chunk] for chunk, _ in fused))

    def chunk_of(self, id: str) -> int | None:
        """The best chunk of a document."""
        return next((chunk for chunk, other in self.ids.items() if other == id), None)


def find_candidates(question: JudgedQuestion, vector: Vectors, searcher: Searcher) -> Candidates:
    """The chunks that a search finds, and the nearest one of each judged document.

    Args:
        vector: Of the question, float32 [1, d].
        searcher: Knows nothing of any teaching.
    """
    snapshot, watch = searcher.snapshot, Stopwatch()
    asked = replace(searcher.with_mode("hybrid").prepare(question.text, vector, watch), fusion="convex")
    found = rank(asked, snapshot, FUSED_DEPTH, watch)
    places = documents_of(list(found.scores), snapshot)
    ids = {chunk: places[chunk] for chunk in found.scores if chunk in places}
    order = tuple(dict.fromkeys(ids.values()))
    judged = [_nearest_chunk(id, vector, snapshot) for id in question.verdicts if id not in order]
    ids |= documents_of([chunk for chunk in judged if chunk is not None], snapshot)
    return Candidates(ids, found.parts["lexical"], asked.weight.value, asked.chunks, order)


def add_chunks(candidates: Candidates, chunks: Sequence[int], snapshot: Snapshot) -> Candidates:
    """The candidates with more chunks."""
    more = [chunk for chunk in chunks if chunk not in candidates.ids]
    return replace(candidates, ids={**candidates.ids, **documents_of(more, snapshot)})


def score_candidates(candidates: Candidates, vectors: Vectors, snapshot: Snapshot) -> list[dict[int, float]]:
    """The cosines of the chunks that have a vector, by chunk, for each row of `vectors`, float32 [n, d]."""
    chunks = list(candidates.ids)
    if not chunks:
        return [{} for _ in vectors]
    scores = snapshot.score(vectors, chunks)
    known = np.flatnonzero(~np.isnan(scores[0])).tolist()
    return [{chunks[place]: float(row[place]) for place in known} for row in scores]


def read_vectors(chunks: Sequence[int], snapshot: Snapshot) -> Vectors:
    """The vectors of chunks, float32 [n, d], NaN where they are pending: their cosines with the axes."""
    axes = np.eye(snapshot.identity.dimension, dtype=np.float32)
    vectors: Vectors = np.ascontiguousarray(snapshot.score(axes, chunks).T)
    return vectors


def _nearest_chunk(id: str, vector: Vectors, snapshot: Snapshot) -> int | None:
    found = snapshot.search(vector, 1, FieldComparison("id", ":", id))[0].chunks.tolist()
    return next((chunk for chunk, other in documents_of(found, snapshot).items() if other == id), None)
