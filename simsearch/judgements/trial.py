"""Tries teachings on judged questions that did not teach them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsearch.judgements.candidates import (
    add_chunks,
    find_candidates,
    read_vectors,
    score_candidates,
)
from simsearch.judgements.judged_questions import JudgedQuestion
from simsearch.linear_maps.examples import Examples
from simsearch.linear_maps.fitting import fit_maps
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.near_duplicates import normalise
from simsearch.querying.memory import Memory, Pulls
from simsearch.querying.ranking import FUSED_DEPTH
from simsearch.querying.searcher import Searcher
from simsearch.types import Rows, Vectors

FOLDS = 5
STEPS = 20
HALFWAY = 50
"""The number of questions with a right document at which a map goes half its way."""
RANKS = 10

Verdicts = Sequence[Mapping[str, bool]]
"""For each question, whether a document is right, by its id."""
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a teaching consists of."""

    linear_map: bool
    memory: bool


KINDS = (Kind(True, True), Kind(True, False), Kind(False, True))


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
        self.vectors = vectors
        self._snapshot = searcher.snapshot
        self._random = np.random.default_rng(seed)
        self._folds = self._random.permutation(len(questions)) % FOLDS
        rows = [vectors[i : i + 1] for i in range(len(questions))]
        self._candidates = [find_candidates(*item, searcher) for item in zip(questions, rows, strict=True)]

    @property
    def verdicts(self) -> Verdicts:
        """What was judged."""
        return [question.verdicts for question in self.questions]

    def value_before(self, verdicts: Verdicts) -> Values:
        """The value of each question's answer without any teaching, 0 to 1."""
        return self._values(verdicts, [self.vectors], [[{}] * len(self.questions)])[0]

    def try_out(self, verdicts: Verdicts, kinds: Sequence[Kind]) -> dict[Kind, Values]:
        """What each kind of teaching gains on each question that did not take part in it, float64 [n], -1 to 1.

        A question is left out of the memory alone; maps are fitted on the other folds.
        """
        maps = self._fit_folds(verdicts)
        mapped = np.stack([_apply(maps[f], self.vectors[i]) for i, f in enumerate(self._folds)])
        self._search_for(mapped)
        vectors = [mapped if kind.linear_map else self.vectors for kind in kinds]
        pulls = [self._recall(verdicts, maps if kind.linear_map else [None] * FOLDS) for kind in kinds]
        nothing: list[Pulls] = [{}] * len(self.questions)
        pulls = [said if kind.memory else nothing for kind, said in zip(kinds, pulls, strict=True)]
        before, *after = self._values(verdicts, [self.vectors, *vectors], [nothing, *pulls])
        return {kind: values - before for kind, values in zip(kinds, after, strict=True)}

    def shuffle(self) -> Verdicts:
        """Verdicts of somebody who went by ranks alone: each question gets the ranks at which another one's documents
        were found."""
        ranks = [
            candidates.documents.index(id) if id in candidates.documents else len(candidates.documents) - 1
            for candidates, verdicts in zip(self._candidates, self.verdicts, strict=True)
            for id in verdicts
        ]
        drawn = iter(self._random.permutation(ranks).tolist())
        return [
            _at_ranks(candidates.documents, drawn, verdicts)
            for candidates, verdicts in zip(self._candidates, self.verdicts, strict=True)
        ]

    def fit(self, verdicts: Verdicts, rows: Rows) -> LinearMap | None:
        """The map of some questions; None if they have too few right documents to tell apart."""
        pairs = [
            (row, chunk)
            for row in rows.tolist()
            for id, right in verdicts[row].items()
            if right and (chunk := self._candidates[row].chunk_of(id)) is not None
        ]
        documents = read_vectors([chunk for _, chunk in pairs], self._snapshot)
        known = ~np.isnan(documents).any(axis=1)
        labels = np.array(pairs, np.int64).reshape(-1, 2)[known]
        if len(np.unique(labels[:, 1])) < 2:
            return None
        examples = Examples(self.vectors[labels[:, 0]], documents[known], labels, labels[:, 1])
        (fitted,) = fit_maps(examples, [STEPS], questions_only=True)
        judged = len(np.unique(labels[:, 0]))
        return fitted.shrink(judged / (judged + HALFWAY))

    def remember(self, verdicts: Verdicts, linear_map: LinearMap | None) -> Memory:
        """The memory of all questions."""
        texts = tuple(normalise(question.text) for question in self.questions)
        vectors = linear_map.apply(self.vectors, "query") if linear_map else self.vectors
        return Memory(texts, vectors, tuple(verdicts))

    def _fit_folds(self, verdicts: Verdicts) -> list[LinearMap | None]:
        return [self.fit(verdicts, np.flatnonzero(self._folds != fold)) for fold in range(FOLDS)]

    def _recall(self, verdicts: Verdicts, maps: Sequence[LinearMap | None]) -> list[Pulls]:
        """What the memory says of each question, which it leaves out."""
        memories = [self.remember(verdicts, linear_map) for linear_map in maps]
        return [
            memories[fold].recall(question.text, memories[fold].vectors[i : i + 1], without=i)
            for i, (question, fold) in enumerate(zip(self.questions, self._folds, strict=True))
        ]

    def _search_for(self, mapped: Vectors) -> None:
        """Add to the candidates what questions find through their maps."""
        found = self._snapshot.search(mapped, FUSED_DEPTH)
        self._candidates = [
            add_chunks(candidates, matches.chunks.tolist(), self._snapshot)
            for candidates, matches in zip(self._candidates, found, strict=True)
        ]

    def _values(
        self, verdicts: Verdicts, vectors: Sequence[Vectors], pulls: Sequence[Sequence[Pulls]]
    ) -> list[Values]:
        """The value of each question's answer, for some vectors of the questions and what a memory says of them."""
        values = np.zeros((len(vectors), len(self.questions)))
        for i, candidates in enumerate(self._candidates):
            rows = score_candidates(candidates, np.stack([row[i] for row in vectors]), self._snapshot)
            for way, cosines in enumerate(rows):
                values[way, i] = value_of(candidates.rank(cosines, pulls[way][i]), verdicts[i])
        return list(values)


def value_of(documents: Sequence[str], verdicts: Mapping[str, bool]) -> float:
    """nDCG@10 of the right documents; if all are wrong, how far they are from the top, 0 to 1."""
    discounts = 1 / np.log2(np.arange(2, RANKS + 2))
    judged = [id for id, right in verdicts.items() if right] or list(verdicts)
    found = sum(discounts[rank] for rank, id in enumerate(documents[:RANKS]) if id in judged)
    value = float(found / discounts[: len(judged)].sum())
    return value if any(verdicts.values()) else 1 - value


def _at_ranks(
    documents: Sequence[str], ranks: Iterator[int], verdicts: Mapping[str, bool]
) -> dict[str, bool]:
    """The verdicts about the documents at other ranks; the verdicts themselves if nothing was found."""
    drawn = [min(next(ranks), len(documents) - 1) for _ in verdicts]
    if not documents:
        return dict(verdicts)
    return {documents[rank]: right for rank, right in zip(drawn, verdicts.values(), strict=True)}


def _apply(linear_map: LinearMap | None, vector: Vectors) -> Vectors:
    return linear_map.apply(vector[None], "query")[0] if linear_map else vector
