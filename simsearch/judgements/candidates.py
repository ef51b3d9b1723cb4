"""What could answer each question: searched for once, and scored again for every teaching that is tried."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simsearch.querying.fusion import fuse
from simsearch.querying.memory import Boosts, change_cosines, documents_of
from simsearch.querying.ranking import FUSED_DEPTH, Question
from simsearch.querying.searcher import Searcher
from simsearch.querying.step_times import Stopwatch
from simsearch.storage.conditions import FieldComparison
from simsearch.storage.protocols import Matches, Snapshot
from simsearch.types import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The chunks that could answer one question.

    Args:
        ids: The id of each chunk's document.
        lexical: BM25 scores by chunk.
        weight: The weight of the cosine.
        chunks: How many the index has.
    """

    ids: Mapping[int, str]
    lexical: Mapping[int, float]
    weight: float
    chunks: int

    def rank(self, cosines: Mapping[int, float], boosts: Boosts) -> dict[str, float]:
        """The documents as a hybrid search ranks them, best first, each with the score of its best chunk.

        Args:
            cosines: Of the question with the chunks.
            boosts: What judged questions say of documents.
        """
        changes = change_cosines(cosines, self.ids, boosts) if boosts else {}
        dense = {chunk: cosine + changes.get(chunk, 0.0) for chunk, cosine in cosines.items()}
        ranked: dict[str, float] = {}
        for chunk, score in fuse(dense, self.lexical, self.weight, self.chunks):
            ranked.setdefault(self.ids[chunk], score)
        return ranked


def find_candidates(texts: Sequence[str], vectors: Vectors, searcher: Searcher) -> list[Candidates]:
    """The chunks that a search finds for each question.

    Args:
        vectors: Of the questions, float32 [n, d].
        searcher: Knows nothing of any teaching.
    """
    hybrid, watch = searcher.with_mode("hybrid"), Stopwatch()
    rows = [vectors[i : i + 1] for i in range(len(texts))]
    asked = [hybrid.prepare(text, row, watch) for text, row in zip(texts, rows, strict=True)]
    near = _search_together(asked, vectors, searcher.snapshot)
    return [_candidates(*item, searcher.snapshot) for item in zip(asked, near, strict=True)]


def add_chunks(
    candidates: Sequence[Candidates], more: Sequence[Collection[int]], snapshot: Snapshot
) -> list[Candidates]:
    """The candidates of each question with more chunks."""
    ids = documents_of(sorted({chunk for chunks in more for chunk in chunks}), snapshot)
    return [
        replace(one, ids={**one.ids, **{chunk: ids[chunk] for chunk in chunks if chunk in ids}})
        for one, chunks in zip(candidates, more, strict=True)
    ]


def add_nearest(candidates: Sequence[Candidates], vectors: Vectors, snapshot: Snapshot) -> list[Candidates]:
    """The candidates with what other vectors of the questions find, float32 [n, d]."""
    if not len(vectors):
        return list(candidates)
    found = snapshot.search(vectors, FUSED_DEPTH)
    return add_chunks(candidates, [matches.chunks.tolist() for matches in found], snapshot)


def add_judged(
    candidates: Sequence[Candidates],
    boosts: Sequence[Boosts],
    chunks: Mapping[str, int],
    snapshot: Snapshot,
) -> list[Candidates]:
    """The candidates with the documents that judged questions lift and the search itself did not find.

    Args:
        boosts: What judged questions say of documents, for each question.
        chunks: A chunk of each judged document.
    """
    more = []
    for one, said in zip(candidates, boosts, strict=True):
        here = set(one.ids.values())
        more.append(
            [chunks[id] for id, boost in said.items() if boost > 0 and id in chunks and id not in here]
        )
    return add_chunks(candidates, more, snapshot)


def score_candidates(candidates: Candidates, vectors: Vectors, snapshot: Snapshot) -> list[dict[int, float]]:
    """The cosines of the chunks that have a vector, by chunk, for each row of `vectors`, float32 [n, d]."""
    chunks = list(candidates.ids)
    if not chunks:
        return [{} for _ in vectors]
    scores = snapshot.score(vectors, chunks)
    known = np.flatnonzero(~np.isnan(scores[0]))
    numbers = [chunks[place] for place in known.tolist()]
    return [dict(zip(numbers, row, strict=True)) for row in scores[:, known].tolist()]


def read_vectors(chunks: Sequence[int], snapshot: Snapshot) -> Vectors:
    """The vectors of chunks, float32 [n, d], NaN where they are pending: their cosines with the axes."""
    axes = np.eye(snapshot.identity.dimension, dtype=np.float32)
    vectors: Vectors = np.ascontiguousarray(snapshot.score(axes, chunks).T)
    return vectors


def find_chunk(id: str, vector: Vectors, snapshot: Snapshot) -> int | None:
    """The chunk of a document that is nearest to a question, float32 [1, d]; None if none has a vector."""
    found = snapshot.search(vector, 1, FieldComparison("id", ":", id))[0].chunks.tolist()
    return next((chunk for chunk, other in documents_of(found, snapshot).items() if other == id), None)


def _search_together(asked: Sequence[Question], vectors: Vectors, snapshot: Snapshot) -> list[Matches]:
    """The nearest chunks of each question. One search for all of them is faster than one for each; only a question
    with a filter or a quotation has its own."""
    if not len(vectors):
        return []
    together = snapshot.search(vectors, FUSED_DEPTH)
    return [
        found if one.condition is None else snapshot.search(row[None], FUSED_DEPTH, one.condition)[0]
        for one, row, found in zip(asked, vectors, together, strict=True)
    ]


def _candidates(asked: Question, near: Matches, snapshot: Snapshot) -> Candidates:
    words = snapshot.search_words(asked.text, FUSED_DEPTH, asked.condition)
    lexical = dict(zip(words.chunks.tolist(), words.scores.tolist(), strict=True))
    others = [chunk for chunk in near.chunks.tolist() if chunk not in lexical]
    scores = snapshot.score_words(asked.text, others).tolist() if others else []
    lexical |= {chunk: score for chunk, score in zip(others, scores, strict=True) if score > 0}
    ids = documents_of([*near.chunks.tolist(), *words.chunks.tolist()], snapshot)
    return Candidates(ids, lexical, asked.weight.value, asked.chunks)
