"""The BM25 scores of chunks for the clauses of a question, as tantivy computes them (k1 = 1.2, b = 0.75).

The server sends the postings of the question's terms, and the sums are made here, in float32 and in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsearch.storage.words.bm25 import K1, idf, saturate
from simsearch.storage.words.clauses import AnyPhrase, AnyTerm, Clause, TermPattern, terms_of
from simsearch.types import Rows, Scores
from simsearch_postgres.words.phrases import count_phrase
from simsearch_postgres.words.postings import Postings
from simsearch_postgres.words.terms import Key, TermReader


@dataclass(frozen=True, slots=True)
class Sums:
    """The scores of all chunks of an index.

    Args:
        first: The number of the first chunk.
        scores: float32, of each number from the first on; 0 where nothing matches.
    """

    first: int
    scores: Scores

    def of(self, chunks: Rows) -> Scores:
        """The scores of some chunks, float32 [m]; 0 also for unknown ones."""
        places = chunks - self.first
        known = (places >= 0) & (places < len(self.scores))
        found = np.zeros(len(chunks), np.float32)
        found[known] = self.scores[places[known]]
        return found

    def matched(self) -> Rows:
        """The chunks that anything matches, int64 ascending."""
        return np.flatnonzero(self.scores) + self.first


def score_clauses(terms: TermReader, clauses: Sequence[Clause]) -> Sums:
    """The sum over all clauses."""
    found = terms.postings(terms_of(clauses))
    low, high = terms.bounds
    scores = np.zeros(max(high - low, 0), np.float32)
    for clause in clauses:
        _add(scores, low, clause, terms, found)
    return Sums(low, scores)


def _add(sums: Scores, first: int, clause: Clause, terms: TermReader, found: Mapping[Key, Postings]) -> None:
    match clause:
        case AnyTerm(field, variants, weight):
            parts = [
                _score_term(one, terms, (field, term), weight)
                for term in variants
                if (one := found.get((field, term)))
            ]
        case AnyPhrase(field, phrases, weight):
            parts = [_score_phrase(phrase, clause, terms, found) for phrase in phrases]
        case TermPattern(field, pattern, weight):
            chunks = terms.chunks_matching(field, pattern)
            parts = [(chunks, np.full(len(chunks), weight, np.float32))]
    if len(parts) == 1:
        chunks, scores = parts[0]
        sums[chunks - first] += scores
        return
    best = np.zeros_like(sums)
    for chunks, scores in parts:
        best[chunks - first] = np.maximum(best[chunks - first], scores)
    sums += best


Part = tuple[NDArray[np.uint32], Scores]


def _score_term(one: Postings, terms: TermReader, key: Key, weight: float) -> Part:
    factor = idf(terms.chunks, len(one.chunks)) * (1 + K1) * np.float32(weight)
    return one.chunks, saturate(factor, one.counts, one.lengths, terms.average(key[0]))


def _score_phrase(
    phrase: Sequence[str], clause: AnyPhrase, terms: TermReader, found: Mapping[Key, Postings]
) -> Part:
    every = [found.get((clause.field, term)) for term in phrase]
    lists = [one for one in every if one is not None]
    if len(lists) < len(phrase):
        return np.empty(0, np.uint32), np.empty(0, np.float32)
    if len(phrase) == 1:
        return _score_term(lists[0], terms, (clause.field, phrase[0]), clause.weight)
    chunks, counts = count_phrase(terms, clause.field, phrase, lists)
    rarity = np.float32(sum(idf(terms.chunks, len(one.chunks)) for one in lists))
    lengths = lists[0].lengths[np.searchsorted(lists[0].chunks, chunks)]
    factor = rarity * (1 + K1) * np.float32(clause.weight)
    return chunks, saturate(factor, counts, lengths, terms.average(clause.field))
