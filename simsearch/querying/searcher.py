"""From a question to an answer: what is asked for, ranked, and shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache, cached_property

from simsearch.errors import InputError
from simsearch.plugins.offers import Built
from simsearch.querying.confidence import GOOD, Calibration
from simsearch.querying.dense_weight import dense_weight
from simsearch.querying.filtering import allowed_chunks
from simsearch.querying.ranking import Question, Ranking, rank, weighed
from simsearch.querying.reranking import RERANKED, rerank
from simsearch.querying.results import make_hits
from simsearch.querying.step_times import Stopwatch
from simsearch.settings import Mode, QuerySettings
from simsearch.storage.protocols import Snapshot
from simsearch.storage.words.analysis import telling_stems
from simsearch.types import (
    Embedder,
    Explanation,
    Hit,
    Notice,
    Observer,
    Reranker,
    Rows,
    Vectors,
    WeightBy,
)
from simsearch.utf8 import storable

DEEPER = 4
"""Where too few are left to show, so many times as many chunks are ranked."""

CHUNKS_EACH = 3
"""So many chunks of a document are expected among the best."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The results, and how they came about."""

    hits: tuple[Hit, ...]
    explanation: Explanation


class Searcher:
    """Answers questions from one snapshot of the index; a model is loaded only where one is needed.

    Args:
        load: Gives the index's own model.
        reranker: Reads the best chunks together with the question.
        weigh: The share of dense for a question.
        learned: The one that was learned from judged questions, which counts for all.
        observe: Hears what had to be done otherwise than it was asked.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        load: Callable[[], Embedder],
        settings: QuerySettings,
        *,
        reranker: Built[Reranker] | None = None,
        calibration: Calibration | None = None,
        weigh: Callable[[str], float] = dense_weight,
        learned: float | None = None,
        observe: Observer | None = None,
    ) -> None:
        self.snapshot = snapshot
        self._load = cache(load)
        self._settings = settings
        self._reranker = reranker
        self._calibration = calibration
        self._weigh = weigh
        self._learned = learned
        self._observe = observe

    def by(self, mode: Mode) -> Searcher:
        """Asks the same snapshot in another mode, with the same model."""
        other = copy(self)
        other._settings = replace(self._settings, mode=mode)
        return other

    def ask(self, text: str) -> Answer:
        """Answer one question.

        Raises:
            InputError: There is nothing to look for, or the filter can't be read.
        """
        watch = Stopwatch()
        text = storable(text)
        if not text.strip():
            raise InputError("There is nothing to look for: the query is empty.")
        vector = None
        if self.needs_vector:
            with watch.step("load"):
                embedder = self.embedder
            with watch.step("embed"):
                before = embedder.truncation.tokens
                vector = embedder.encode([plain(text)], "query")
            self._tell_of_cut(embedder.truncation.tokens - before)
        return self.answer(text, vector, watch)

    def answer(
        self, text: str, vector: Vectors | None, watch: Stopwatch, without: Collection[str] = ()
    ) -> Answer:
        """Answer a question whose vector is known.

        Args:
            vector: float32 [1, d], unit length; not needed for `lexical`.
            without: Paths whose chunks are left out.
        """
        question, chunks = self._question(text, vector, watch), self._chunks
        if question.allowed is not None and not len(question.allowed):
            return Answer((), self._explanation(question, None, chunks, watch))
        hits, ranking = self._hits(question, watch, without)
        if self._calibration:
            hits = [self._assured(text, hit) for hit in hits]
        return Answer(tuple(hits), self._explanation(question, ranking, chunks, watch))

    def ranker(self, texts: Sequence[str], depth: int) -> Callable[[str], list[int]]:
        """Chunk numbers for each of some questions, best first, as `ask` ranks them; embedded all at once."""
        vectors = self._vectors(texts)

        def ranked(text: str) -> list[int]:
            watch = Stopwatch()
            question = self._question(storable(text), vectors.get(text), watch)
            ranking = rank(question, self.snapshot, depth, watch)
            best = self._reranked(question, ranking, max(RERANKED, self._settings.k), watch)
            return list(dict.fromkeys([*best.scores, *ranking.scores]))  # the rest behind

        return ranked

    def weighed_ranker(self, texts: Sequence[str], depth: int) -> Callable[[float | None, str], list[int]]:
        """As `ranker`, for any weight of dense (None: the question's own); each question is looked for once."""
        found = self.rankings(texts, depth)

        def ranked(weight: float | None, text: str) -> list[int]:
            share = self._weigh(text) if weight is None else weight
            return list(weighed(found(text), share).scores)

        return ranked

    def rankings(self, texts: Sequence[str], depth: int) -> Callable[[str], Ranking]:
        """The ranking for each of some questions, made once; all are embedded at once."""
        vectors = self._vectors(texts)

        @cache
        def found(text: str) -> Ranking:
            watch = Stopwatch()
            return rank(self._question(storable(text), vectors.get(text), watch), self.snapshot, depth, watch)

        return found

    def _vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """float32 [1, d] by text; none where only words rank."""
        if not self.needs_vector:
            return {}
        rows = self.embedder.encode([plain(text) for text in texts], "query")
        return {text: rows[i : i + 1] for i, text in enumerate(texts)}

    @property
    def embedder(self) -> Embedder:
        """The index's own model."""
        return self._load()

    @property
    def needs_vector(self) -> bool:
        """Whether meaning is searched by."""
        return self._settings.mode != "lexical"

    @cached_property
    def _allowed(self) -> Rows | None:
        return allowed_chunks(self._settings.where, self.snapshot)

    @cached_property
    def _chunks(self) -> int:
        return self.snapshot.counts().chunks

    def _question(self, text: str, vector: Vectors | None, watch: Stopwatch) -> Question:
        settings = self._settings
        weight, weight_by = self._weight(text)
        with watch.step("filter"):
            allowed = self._allowed
        question = Question(text, vector, settings.mode, settings.fusion, weight, weight_by, allowed)
        return self._quoted(question, watch) if '"' in text and settings.mode != "dense" else question

    def _tell_of_cut(self, tokens: int) -> None:
        if tokens and self._observe:
            text = f"The model doesn't read the last {tokens} tokens of so long a question; they count as words only."
            self._observe(Notice(text, warning=True))

    def _weight(self, text: str) -> tuple[float, WeightBy]:
        """The share of dense: what the user asks for, else what was learned, else the question's own."""
        if self._settings.weight is not None:
            return self._settings.weight, "asked"
        if self._learned is not None:
            return self._learned, "learned"
        return self._weigh(text), "question"

    def _quoted(self, question: Question, watch: Stopwatch) -> Question:
        """What stands in quotes must stand in what is found; where it is nowhere, that is said, and the
        quotes don't count."""
        with watch.step("phrases"):
            found = self.snapshot.with_phrases(question.text, question.allowed)
        if found is None:
            return question
        if not len(found):
            if self._observe:
                text = (
                    "No chunk has the words in quotes as they stand there; they were looked for one by one."
                )
                self._observe(Notice(text))
            return replace(question, text=question.text.replace('"', " "))
        return replace(question, allowed=found)

    def _hits(
        self, question: Question, watch: Stopwatch, without: Collection[str]
    ) -> tuple[list[Hit], Ranking]:
        """The k results to show: the ranking goes deeper until there are enough, or no more."""
        k, depth = self._settings.k, self._settings.k * (1 if self._settings.chunks else CHUNKS_EACH)
        reranked = max(RERANKED, k)
        while True:
            ranking = rank(question, self.snapshot, depth, watch)
            ranking = self._reranked(question, ranking, reranked, watch)
            with watch.step("results"):
                hits = make_hits(question.text, ranking, self.snapshot, k, self._settings.chunks, without)
            if len(hits) >= k or ranking.exhausted:
                return hits, ranking
            depth, reranked = max(depth, len(ranking.scores)) * DEEPER, reranked * DEEPER

    def _reranked(self, question: Question, ranking: Ranking, most: int, watch: Stopwatch) -> Ranking:
        if self._reranker is None:
            return ranking
        with watch.step("rerank"):
            return rerank(question.text, ranking, self.snapshot, self._reranker, most)

    def _assured(self, text: str, hit: Hit) -> Hit:
        """A hit that has every word of the question is a good match even where the model doesn't know them."""
        if "dense" not in hit.scores or self._calibration is None:
            return hit
        confidence = self._calibration.confidence(hit.scores["dense"])
        if confidence < GOOD and has_every_word(text, f"{hit.title}\n{hit.heading}\n{hit.text}"):
            confidence = GOOD
        return replace(hit, confidence=confidence)

    def _explanation(
        self, question: Question, ranking: Ranking | None, chunks: int, watch: Stopwatch
    ) -> Explanation:
        both = question.mode == "hybrid"
        summed = both and question.fusion == "convex"
        return Explanation(
            mode=question.mode,
            fusion=question.fusion if both else None,
            weight=question.weight if summed else None,
            weight_by=question.weight_by if summed else None,
            candidates={name: len(found) for name, found in ranking.ranks.items()} if ranking else {},
            chunks=chunks,
            allowed=None if question.allowed is None else len(question.allowed),
            index=self.snapshot.dense_index().kind,
            milliseconds=watch.milliseconds,
        )


def has_every_word(question: str, text: str) -> bool:
    """Whether a text has all words of a question that are no stop words."""
    wanted = telling_stems(question)
    return bool(wanted) and wanted <= telling_stems(text)


def plain(text: str) -> str:
    """What a model reads of a question: all but the quotes around phrases."""
    return storable(text).replace('"', " ")
