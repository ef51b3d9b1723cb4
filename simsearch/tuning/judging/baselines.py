"""BM25, and BM25 fused with the tuned model, on the same questions. They are reported and decide nothing."""

from __future__ import annotations

from simsearch.querying.dense_weight import weigh_question
from simsearch.querying.fusion import fuse
from simsearch.storage.dense.exact import search_exact
from simsearch.storage.words.languages import language_of
from simsearch.storage.words.passages import Passage
from simsearch.storage.words.words_index import WordsIndex
from simsearch.tuning.judging.measures import (
    DEPTH,
    Embedded,
    ModelScores,
    Questions,
    measure,
    own_documents,
    without,
)

Found = list[dict[int, float]]


def judge_baselines(tuned: Embedded, questions: Questions) -> dict[str, ModelScores]:
    """`bm25` by the index that `query` uses, and `hybrid`: BM25 fused with the tuned model as there."""
    lexical, dense = by_words(questions), by_vectors(tuned)
    hybrid = [
        dict(fuse(near, words, weigh_question(text, tuned=True), len(questions.documents)))
        for near, words, text in zip(dense, lexical, questions.texts, strict=True)
    ]
    return {"bm25": _judged(lexical, questions), "hybrid": _judged(hybrid, questions)}


def by_words(questions: Questions) -> Found:
    """For each question documents with their BM25 scores, best first."""
    index = WordsIndex(None)
    # Numbers in the word index count from 1.
    index.add(Passage(i, text, language=language_of(text)) for i, text in enumerate(questions.documents, 1))
    index.commit()
    found = [index.search(text.replace('"', " "), DEPTH + 1) for text in questions.texts]
    return [
        {int(row) - 1: float(score) for score, row in zip(scores, rows, strict=True)}
        for scores, rows in found
    ]


def by_vectors(embedded: Embedded) -> Found:
    """For each question documents with their cosines, nearest first."""
    depth = min(DEPTH + 1, len(embedded.documents))
    scores, rows = search_exact(embedded.documents, embedded.queries, depth)
    return [
        dict(zip(near, cosines, strict=True))
        for near, cosines in zip(rows.tolist(), scores.tolist(), strict=True)
    ]


def _judged(found: Found, questions: Questions) -> ModelScores:
    rankings = [
        without(list(rows), own, relevant)[:DEPTH]
        for rows, own, relevant in zip(found, own_documents(questions), questions.relevant, strict=True)
    ]
    return measure(rankings, questions)
