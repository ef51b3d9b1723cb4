"""How good a model is at finding what it should: one definition, used for every model.

Questions are the distinct anchors, each with all its positives relevant; documents are the distinct
positives; the search is the exact one that `query` uses; the measures are ir-measures'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsearch.intervals import interval, within_chance
from simsearch.near_duplicates import normalise
from simsearch.storage.dense.exact import search_exact
from simsearch.tuning.pairs.classes import texts_by_class
from simsearch.types import Pair, Role, Vectors

MEASURES = ("nDCG@10", "RR", "R@10", "R@100")
MAIN = "nDCG@10"
DEPTH = 100

Encode = Callable[[Sequence[str], Role], Vectors]


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked and what should be found.

    Args:
        texts: q distinct questions.
        documents: n distinct documents.
        relevant: For each question the numbers of the documents it should find.
    """

    texts: tuple[str, ...]
    documents: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class ModelScores:
    """What a model scored.

    Args:
        values: For each measure one value a question, float64 [q], 0 to 1.
        rankings: For each question the numbers of the documents found, best first.
    """

    values: Mapping[str, NDArray[np.float64]]
    rankings: Sequence[Sequence[int]]

    def mean(self, measure: str = MAIN) -> float:
        return float(self.values[measure].mean())

    def means(self) -> dict[str, float]:
        return {measure: self.mean(measure) for measure in self.values}


def questions_of(pairs: Sequence[Pair]) -> Questions:
    """The questions that pairs ask; a pair scored below 0.5 adds a distractor document, not an answer."""
    if any(pair.label is not None for pair in pairs):
        return class_questions(pairs)
    documents = {text: i for i, text in enumerate(dict.fromkeys(pair.positive for pair in pairs))}
    relevant: dict[str, set[int]] = defaultdict(set)
    for pair in pairs:
        if pair.similar:
            relevant[pair.anchor].add(documents[pair.positive])
    return Questions(tuple(relevant), tuple(documents), tuple(map(frozenset, relevant.values())))


def class_questions(pairs: Sequence[Pair]) -> Questions:
    """Every text asks for the others of its class."""
    texts = texts_by_class(pairs)
    numbers = {
        text: i for i, text in enumerate(dict.fromkeys(t for members in texts.values() for t in members))
    }
    relevant: dict[str, set[int]] = defaultdict(set)
    for members in texts.values():
        for text in members if len(members) > 1 else ():
            relevant[text] |= {numbers[other] for other in members if other != text}
    return Questions(tuple(relevant), tuple(numbers), tuple(map(frozenset, relevant.values())))


@dataclass(frozen=True, slots=True)
class Embedded:
    """The questions as a model embeds them: float32 [n, d] and [q, d]."""

    documents: Vectors
    queries: Vectors

    def change(self, change: Callable[[Vectors, Role], Vectors]) -> Embedded:
        """The vectors after a change."""
        return Embedded(change(self.documents, "document"), change(self.queries, "query"))


def embed(encode: Encode, questions: Questions) -> Embedded:
    return Embedded(encode(questions.documents, "document"), encode(questions.texts, "query"))


def judge(encode: Encode, questions: Questions) -> ModelScores:
    """Ask a model all the questions by exact dense search."""
    return judge_embedded(embed(encode, questions), questions)


def judge_embedded(embedded: Embedded, questions: Questions) -> ModelScores:
    return measure(rank(embedded.documents, embedded.queries, questions, DEPTH), questions)


def rank(documents: Vectors, queries: Vectors, questions: Questions, depth: int) -> list[list[int]]:
    """The documents of each question, nearest first; a document that is the question itself is left out."""
    _, rows = search_exact(documents, queries, min(depth + 1, len(documents)))
    return [
        without(found, own, relevant)[:depth]
        for found, own, relevant in zip(
            rows.tolist(), own_documents(questions), questions.relevant, strict=True
        )
    ]


def own_documents(questions: Questions) -> list[int]:
    """For each question the number of the document that is the same text; -1 where there is none."""
    numbers = {normalise(text): i for i, text in enumerate(questions.documents)}
    return [numbers.get(normalise(text), -1) for text in questions.texts]


def without(found: Sequence[int], own: int, relevant: frozenset[int]) -> list[int]:
    """A ranking without the question's own text, unless that is what it should find."""
    return [row for row in found if row != own or row in relevant]


def measure(rankings: Sequence[Sequence[int]], questions: Questions) -> ModelScores:
    """The measures of a ranking for each question."""
    import ir_measures

    judged = {str(q): {str(d): 1 for d in relevant} for q, relevant in enumerate(questions.relevant)}
    # Scores that fall with the rank keep our own order among equal vectors.
    run = {str(q): {str(d): -float(i) for i, d in enumerate(found)} for q, found in enumerate(rankings)}
    wanted = {ir_measures.parse_measure(name): name for name in MEASURES}
    values = {name: np.zeros(len(questions.texts)) for name in MEASURES}
    for metric in ir_measures.iter_calc(list(wanted), judged, run):
        values[wanted[metric.measure]][int(metric.query_id)] = metric.value
    return ModelScores(values, rankings)


def as_good(one: ModelScores, best: ModelScores) -> bool:
    """Whether a model is behind the best one by no more than chance, question by question."""
    return within_chance(best.values[MAIN] - one.values[MAIN])


def gain_interval(
    base: ModelScores, tuned: ModelScores, seed: int, evaluations: int = 1
) -> tuple[float, float]:
    """The 95 % interval of the gain in nDCG@10, question by question.

    Args:
        evaluations: How many models these questions have judged.
    """
    return interval(tuned.values[MAIN] - base.values[MAIN], seed=seed, evaluations=evaluations)
