"""Tries teachings on judged questions that did not teach them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simsearch.judgements.candidates import (
    Candidates,
    add_chunks,
    add_judged,
    add_nearest,
    find_candidates,
    find_chunk,
    read_vectors,
    score_candidates,
)
from simsearch.judgements.judged_questions import JudgedQuestion
from simsearch.linear_maps.examples import Examples
from simsearch.linear_maps.fitting import fit_maps
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.near_duplicates import normalise
from simsearch.querying.memory import Boosts, Memory
from simsearch.querying.searcher import Searcher
from simsearch.threads import allowed_threads, in_parallel
from simsearch.types import Rows, Vectors

FOLDS = 5
STEPS = 20
HALFWAY = 50
"""The number of questions with a right document at which a map goes half its way."""
RANKS = 10
SCALE = 20.0
"""What scores are multiplied by before they become probabilities; the loss of tuning does the same."""
LEAST_PROBABLE = 1e-3
"""Below it, a right document is as good as not found."""

Verdicts = Sequence[Mapping[str, bool]]
"""For each question, whether a document is right, by its id."""
Numbers = NDArray[np.float64]


Maps = Sequence[LinearMap | None]
"""For each fold, the map that was fitted on the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """A teaching as each question meets it that did not take part in it.

    Args:
        vectors: Of the questions, float32 [n, d].
        boosts: What the memory says of each.
    """

    vectors: Vectors
    boosts: Sequence[Boosts]


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """How good the answer of each question is.

    Args:
        ndcg: nDCG@10, float64 [n].
        log: The logarithm of the probability that the search gives to what is right, float64 [n].
    """

    ndcg: Numbers
    log: Numbers

    def __sub__(self, other: Values) -> Values:
        return Values(self.ndcg - other.ndcg, self.log - other.log)


class Trial:
    """Judged questions with their candidates.

    Args:
        searcher: Knows nothing of any teaching.
        vectors: Of the questions, float32 [n, d], unit length.
    """

    def __init__(
        self, questions: Sequence[JudgedQuestion], vectors: Vectors, searcher: Searcher, seed: int = 0
    ) -> None:
        self.questions = questions
        self._vectors = vectors
        self._snapshot = searcher.snapshot
        self._random = np.random.default_rng(seed)
        self._folds = self._random.permutation(len(questions)) % FOLDS
        self._candidates = find_candidates([question.text for question in questions], vectors, searcher)
        self._found = [list(ranked) for ranked in self._rank_untaught()]
        self._chunks = [self._find_chunks(row) for row in range(len(questions))]
        judged = [
            [self._chunks[row][id] for id in question.verdicts if id in self._chunks[row]]
            for row, question in enumerate(questions)
        ]
        self._candidates = add_chunks(self._candidates, judged, self._snapshot)
        self._read: dict[int, Vectors] = {}

    @property
    def verdicts(self) -> Verdicts:
        """What was judged."""
        return [question.verdicts for question in self.questions]

    @property
    def chunks(self) -> dict[str, int]:
        """A chunk of each document that any question finds or was judged for."""
        return {id: chunk for chunks in reversed(self._chunks) for id, chunk in chunks.items()}

    def fit_folds(self, tried: Sequence[Verdicts]) -> list[Maps]:
        """By each of some verdicts a map for the questions of each fold, fitted on those of the others."""
        others = [np.flatnonzero(self._folds != fold) for fold in range(FOLDS)]
        examples = [self._examples_of(verdicts, rows) for verdicts in tried for rows in others]
        maps = in_parallel(_fit, examples, allowed_threads())
        return [maps[start : start + FOLDS] for start in range(0, len(maps), FOLDS)]

    def try_nothing(self) -> Attempt:
        """The search without any teaching."""
        return Attempt(self._vectors, [{}] * len(self.questions))

    def try_maps(self, maps: Maps) -> Attempt:
        """The maps of each fold alone."""
        vectors = self._vectors.copy()
        for fold, linear_map in enumerate(maps):
            if linear_map:
                rows = np.flatnonzero(self._folds == fold)
                vectors[rows] = linear_map.apply(vectors[rows], "query")
        return Attempt(vectors, [{}] * len(self.questions))

    def try_both(self, maps: Maps) -> Attempt:
        """The maps of each fold, and a memory that leaves out each question by itself."""
        return replace(self.try_maps(maps), boosts=self._find_boosts(self.verdicts, maps))

    def search_for(self, attempt: Attempt) -> None:
        """Add to the candidates what questions find by the vectors of an attempt."""
        self._candidates = add_nearest(self._candidates, attempt.vectors, self._snapshot)

    def measure(self, tried: Sequence[tuple[Attempt, Verdicts]]) -> list[Values]:
        """How good the answers by each attempt are, by some verdicts."""
        attempts, candidates = list(dict.fromkeys(attempt for attempt, _ in tried)), self._candidates
        for attempt in attempts:
            candidates = add_judged(candidates, attempt.boosts, self.chunks, self._snapshot)
        values = np.zeros((2, len(tried), len(self.questions)))
        for row, one in enumerate(candidates):
            ranked = self._rank(row, one, attempts)
            for number, (attempt, verdicts) in enumerate(tried):
                values[:, number, row] = _values_of(ranked[attempt], verdicts[row])
        return [Values(*values[:, number]) for number in range(len(tried))]

    def shuffle(self) -> Verdicts:
        """Verdicts of somebody who went by ranks alone: each question gets the ranks at which another one's documents
        were found."""
        ranks = [
            found.index(id) if id in found else len(found) - 1
            for found, verdicts in zip(self._found, self.verdicts, strict=True)
            for id in verdicts
        ]
        drawn = iter(self._random.permutation(ranks).tolist())
        return [
            _at_ranks(found, drawn, verdicts)
            for found, verdicts in zip(self._found, self.verdicts, strict=True)
        ]

    def fit(self) -> LinearMap | None:
        """The map of all questions; None if they have too few right documents to tell apart."""
        return _fit(self._examples_of(self.verdicts, np.arange(len(self.questions))))

    def remember(self, verdicts: Verdicts, linear_map: LinearMap | None) -> Memory:
        """The memory of all questions."""
        texts = tuple(normalise(question.text) for question in self.questions)
        vectors = linear_map.apply(self._vectors, "query") if linear_map else self._vectors
        return Memory(texts, vectors, tuple(verdicts))

    def _rank(
        self, row: int, candidates: Candidates, attempts: Sequence[Attempt]
    ) -> dict[Attempt, dict[str, float]]:
        """The documents that a question finds by each attempt."""
        vectors = np.stack([attempt.vectors[row] for attempt in attempts])
        scored = score_candidates(candidates, vectors, self._snapshot)
        return {
            attempt: candidates.rank(cosines, attempt.boosts[row])
            for attempt, cosines in zip(attempts, scored, strict=True)
        }

    def _rank_untaught(self) -> Iterator[dict[str, float]]:
        untaught = self.try_nothing()
        for row, one in enumerate(self._candidates):
            yield self._rank(row, one, [untaught])[untaught]

    def _find_chunks(self, row: int) -> dict[str, int]:
        """By id, the nearest chunk of each document that a question finds or was judged for."""
        chunks: dict[str, int] = {}
        for chunk, id in self._candidates[row].ids.items():
            chunks.setdefault(id, chunk)
        for id in self.questions[row].verdicts:
            if id not in chunks:
                nearest = find_chunk(id, self._vectors[row : row + 1], self._snapshot)
                chunks |= {} if nearest is None else {id: nearest}
        return chunks

    def _examples_of(self, verdicts: Verdicts, rows: Rows) -> Examples:
        """Some questions with their right documents."""
        pairs = [
            (row, self._chunks[row][id])
            for row in rows.tolist()
            for id, right in verdicts[row].items()
            if right and id in self._chunks[row]
        ]
        labels = np.array(pairs, np.int64).reshape(-1, 2)
        documents = self._read_vectors(labels[:, 1].tolist())
        known = ~np.isnan(documents).any(axis=1)
        labels, documents = labels[known], documents[known]
        return Examples(self._vectors[labels[:, 0]], documents, labels, labels[:, 1])

    def _read_vectors(self, chunks: Sequence[int]) -> Vectors:
        """float32 [n, d]; each is read once."""
        missing = [chunk for chunk in dict.fromkeys(chunks) if chunk not in self._read]
        if missing:
            self._read.update(zip(missing, read_vectors(missing, self._snapshot), strict=True))
        return np.array([self._read[chunk] for chunk in chunks]).reshape(len(chunks), -1)

    def _find_boosts(self, verdicts: Verdicts, maps: Maps) -> list[Boosts]:
        """What the memory says of each question, which it leaves out."""
        memories = [self.remember(verdicts, linear_map) for linear_map in maps]
        return [
            memories[fold].find_boosts(question.text, memories[fold].vectors[row : row + 1], without=row)
            for row, (question, fold) in enumerate(zip(self.questions, self._folds, strict=True))
        ]


def value_of(documents: Sequence[str], verdicts: Mapping[str, bool]) -> float:
    """nDCG@10 of the right documents; if all are wrong, how far they are from the top, 0 to 1."""
    discounts = 1 / np.log2(np.arange(2, RANKS + 2))
    judged = [id for id, right in verdicts.items() if right] or list(verdicts)
    found = sum(discounts[rank] for rank, id in enumerate(documents[:RANKS]) if id in judged)
    value = float(found / discounts[: len(judged)].sum())
    return value if any(verdicts.values()) else 1 - value


def log_probability(ranked: Mapping[str, float], verdicts: Mapping[str, bool]) -> float:
    """The logarithm of the probability of the right documents among those found, by a softmax of their scores; if all
    are wrong, of that of the others."""
    right = any(verdicts.values())
    best = max(ranked.values(), default=0.0)
    powers = {id: math.exp(SCALE * (score - best)) for id, score in ranked.items()}
    judged = sum(powers.get(id, 0.0) for id, is_right in verdicts.items() if is_right == right)
    share = judged / (sum(powers.values()) or 1.0)
    return math.log((share if right else 1 - share) + LEAST_PROBABLE)


def _fit(examples: Examples) -> LinearMap | None:
    """The map of questions with their right documents; None if too few of these can be told apart."""
    if len(np.unique(examples.groups)) < 2:
        return None
    (fitted,) = fit_maps(examples, [STEPS], questions_only=True)
    judged = len(np.unique(examples.labels[:, 0]))
    return fitted.shrink(judged / (judged + HALFWAY))


def _values_of(ranked: Mapping[str, float], verdicts: Mapping[str, bool]) -> tuple[float, float]:
    return value_of(list(ranked), verdicts), log_probability(ranked, verdicts)


def _at_ranks(
    documents: Sequence[str], ranks: Iterator[int], verdicts: Mapping[str, bool]
) -> dict[str, bool]:
    """The verdicts about the documents at other ranks; the verdicts themselves if nothing was found."""
    drawn = [min(next(ranks), len(documents) - 1) for _ in verdicts]
    if not documents:
        return dict(verdicts)
    return {documents[rank]: right for rank, right in zip(drawn, verdicts.values(), strict=True)}
