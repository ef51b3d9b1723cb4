"""The BM25 scores of some chunks for the clauses of a question, as tantivy computes them: the sums are made here, in
float32 and in the same order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simsearch.storage.words.bm25 import K1, idf, length_codes, round_scores, saturate
from simsearch.storage.words.clauses import AnyPhrase, AnyTerm, Clause, TermPattern, terms_of
from simsearch.storage.words.passages import Field
from simsearch.types import Scores
from simsearch_milvus.state import Generation
from simsearch_milvus.words.terms import Key, TermReader
from simsearch_milvus.words.weights import QuestionWeights, Terms


@dataclass(frozen=True, slots=True)
class Question:
    """A question's clauses, with what they need of the index."""

    clauses: Sequence[Clause]
    counts: dict[Key, int]
    generation: Generation

    def idf(self, field: str, term: str) -> np.float32:
        return idf(self.generation.chunks, self.counts[field, term])


def prepare(clauses: Sequence[Clause], terms: TermReader, generation: Generation) -> Question:
    """Read what the clauses need, at once."""
    return Question(clauses, terms.counts(terms_of(clauses)), generation)


def question_weights(question: Question, terms: TermReader) -> QuestionWeights:
    """The sparse vector that finds the chunks which can have a score."""
    found = QuestionWeights()
    for clause in question.clauses:
        match clause:
            case AnyTerm(field, variants, weight):
                for term in variants:
                    if question.counts[field, term]:
                        found.add_term(field, term, float(_factor(question, field, (term,), weight)))
            case AnyPhrase(field, phrases, weight):
                for phrase in phrases:
                    if all(question.counts[field, term] for term in phrase):
                        _add_phrase(found, question, field, phrase, weight)
            case TermPattern(field, pattern, weight):
                found.add_constant(field, terms.matching(field, pattern), weight)
    return found


def score_chunks(question: Question, terms: TermReader, chunks: Sequence[Terms]) -> Scores:
    """The sums over all clauses, float32 [len(chunks)], rounded to four digits."""
    passages = [_Passage(chunk) for chunk in chunks]
    sums = np.zeros(len(passages), np.float32)
    for clause in question.clauses:
        parts = _parts(clause, question, terms, passages)
        if parts:
            sums += np.maximum.reduce(parts)
    return round_scores(sums)


class _Passage:
    """The terms of a chunk, and how often each is in a field."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._counts: dict[Field, Counter[str]] = {}

    def count(self, field: Field, phrase: Sequence[str]) -> int:
        """How often the terms of a phrase follow one another."""
        if field not in self._counts:
            self._counts[field] = Counter(self.terms[field])
        counts = self._counts[field]
        if len(phrase) == 1 or not all(counts[term] for term in phrase):
            return counts[phrase[0]] if len(phrase) == 1 else 0
        found, wanted = self.terms[field], list(phrase)
        starts = range(len(found) - len(wanted) + 1)
        return sum(found[start : start + len(wanted)] == wanted for start in starts)


def _parts(
    clause: Clause, question: Question, terms: TermReader, passages: Sequence[_Passage]
) -> list[Scores]:
    """What each variant of a clause adds to each chunk."""
    match clause:
        case AnyTerm(field, variants, weight):
            phrases: Sequence[tuple[str, ...]] = [(term,) for term in variants]
        case AnyPhrase(field, phrases, weight):
            pass
        case TermPattern(field, pattern, weight):
            found = frozenset(terms.matching(field, pattern))
            having = [not found.isdisjoint(passage.terms[field]) for passage in passages]
            return [np.array(having, np.float32) * np.float32(weight)]
    known = [phrase for phrase in phrases if all(question.counts[field, term] for term in phrase)]
    return [_score(question, field, phrase, weight, passages) for phrase in known]


def _score(
    question: Question, field: Field, phrase: Sequence[str], weight: float, passages: Sequence[_Passage]
) -> Scores:
    counts = np.array([passage.count(field, phrase) for passage in passages], np.uint32)
    lengths = length_codes([len(passage.terms[field]) for passage in passages])
    factor = _factor(question, field, phrase, weight)
    return saturate(factor, counts, lengths, question.generation.average(field))


def _factor(question: Question, field: str, phrase: Sequence[str], weight: float) -> np.float32:
    frequency = np.float32(sum(question.idf(field, term) for term in phrase))
    return np.float32(frequency * (1 + K1) * np.float32(weight))


def _add_phrase(
    found: QuestionWeights, question: Question, field: Field, phrase: Sequence[str], weight: float
) -> None:
    factor = float(_factor(question, field, phrase, weight))
    if len(phrase) == 1:
        found.add_term(field, phrase[0], factor)
    else:
        found.add_phrase(field, phrase, factor)
