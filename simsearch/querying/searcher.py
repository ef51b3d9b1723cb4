"""Answer one question: prepare it, rank chunks for it, and make hits of the best."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache, cached_property

from simsearch.errors import InputError
from simsearch.plugins.offers import Built
from simsearch.querying.calibration import Calibration
from simsearch.querying.dense_weight import DenseWeigher
from simsearch.querying.hits import Showing, make_hits
from simsearch.querying.memory import obey
from simsearch.querying.no_good_match import judge_match
from simsearch.querying.query_syntax import notes_on_syntax, parse_query, plain_words
from simsearch.querying.ranking import Question, Ranking, rank
from simsearch.querying.reranking import RERANKED, rerank
from simsearch.querying.step_times import Stopwatch
from simsearch.querying.teaching import Teaching
from simsearch.querying.where_filter import parse_filters
from simsearch.settings import Mode, QuerySettings
from simsearch.storage.conditions import And, Condition
from simsearch.storage.protocols import Coverage, Snapshot
from simsearch.storage.words.analysis import count_content_words
from simsearch.types import Embedder, Explanation, Hit, Notice, Observer, Reranker, Vectors
from simsearch.utf8 import storable

DEEPER = 4
"""If too few results are left to show, this many times as many chunks are ranked."""

MISSING_NAMED = 3
CHUNKS_EACH = 3
"""How many chunks of one document are expected among the best."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits of a question, and how they were found."""

    hits: tuple[Hit, ...]
    explanation: Explanation


class Searcher:
    """Answers questions from one snapshot of the index; the model is loaded only when a question needs it.

    Args:
        load: Loads the model that the index was made with.
        weigh: Gives a question its dense weight.
        reranker: Reads the best chunks together with the question.
        calibration: What a cosine is worth in this index, without a teaching.
        teaching: What `teach` learned from judgements; None searches without it.
        exists: Whether a file is still there, by its path relative to the workspace's folder.
        observe: Receives a notice of everything that was not done as asked.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        load: Callable[[], Embedder],
        settings: QuerySettings,
        *,
        weigh: DenseWeigher = DenseWeigher(),  # noqa: B008  (frozen)
        reranker: Built[Reranker] | None = None,
        calibration: Calibration | None = None,
        teaching: Teaching | None = None,
        exists: Callable[[str], bool] = lambda path: True,
        observe: Observer | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.settings = settings
        self.weigh = weigh
        self._load = cache(load)
        self._reranker = reranker
        self._calibration = calibration
        self._teaching = teaching
        self._exists = cache(exists)
        self._observe = observe

    def with_mode(self, mode: Mode) -> Searcher:
        """A searcher of the same snapshot and model in another mode."""
        other = copy(self)
        other.settings = replace(self.settings, mode=mode)
        return other

    def with_teaching(self, teaching: Teaching | None) -> Searcher:
        """A searcher of the same snapshot and model with another teaching, or none."""
        other = copy(self)
        other._teaching = teaching
        return other

    def ask(self, text: str) -> Answer:
        """Answer one question.

        Raises:
            InputError: The question is empty, or the filter can't be parsed.
        """
        watch = Stopwatch()
        text = storable(text)
        if not text.strip():
            raise InputError("The query is empty: type what to search for.")
        for note in notes_on_syntax(text, self.snapshot.fields()):
            self._notify(note)
        if not self.needs_vector and not count_content_words(text):
            self._notify(
                "The query has no words, so keyword search finds nothing; use --mode hybrid to search for symbols."
            )
        return self.answer(text, self._embed(text, watch) if self.needs_vector else None, watch)

    def answer(
        self, text: str, vector: Vectors | None, watch: Stopwatch, without: Collection[str] = ()
    ) -> Answer:
        """Answer a question whose vector is known.

        Args:
            vector: float32 [1, d], unit length; not needed for `lexical`.
            without: Paths and ids of documents that are left out.
        """
        question = self.prepare(text, vector, watch)
        if question.allowed == 0:
            return Answer((), self._explain(question, None, watch))
        hits, ranking = self._find_hits(question, watch, without)
        self._report_missing(hits)
        if self._coverage.pending:
            self._notify(describe_coverage(self._coverage))
        calibration = self._teaching.calibrate(self._calibration) if self._teaching else self._calibration
        if calibration:
            legible = question.weight.is_legible
            hits = [judge_match(hit, text, calibration, legible) for hit in hits]
        return Answer(tuple(hits), self._explain(question, ranking, watch))

    def prepare(self, text: str, vector: Vectors | None, watch: Stopwatch) -> Question:
        """A text with all that decides its ranking: mode, weight, and the chunks that may be found."""
        settings, weight = self.settings, self.weigh(text)
        with watch.step("filter"):
            found = self._filter
        boosts = self._teaching.find_boosts(text, vector) if self._teaching else {}
        question = Question(
            text, vector, settings.mode, settings.fusion, weight, self._coverage.chunks, *found, boosts
        )
        return question if settings.mode == "dense" else self._demand_quotes(question, watch)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Questions as this searcher compares them, float32 [n, d], unit length."""
        vectors = self.embedder.encode([plain_words(text) for text in texts], "query")
        return self._teaching.apply(vectors) if self._teaching else vectors

    def rerank(self, question: Question, ranking: Ranking, most: int, watch: Stopwatch) -> Ranking:
        """The ranking's best chunks as the reranker orders them; the ranking itself without a reranker."""
        if self._reranker is None:
            return ranking
        with watch.step("rerank"):
            ranking = rerank(question.text, ranking, self.snapshot, self._reranker, most)
            return replace(ranking, scores=obey(ranking.scores, question.boosts, self.snapshot))

    @property
    def embedder(self) -> Embedder:
        """The model that the index was made with."""
        return self._load()

    @property
    def needs_vector(self) -> bool:
        """Whether the mode compares vectors."""
        return self.settings.mode != "lexical"

    @property
    def first_depth(self) -> int:
        """How many chunks are ranked for a question, unless they make too few hits."""
        wanted = self.settings.k * (1 if self.settings.chunks else CHUNKS_EACH)
        return max(wanted, RERANKED) if self._reranker else wanted

    @cached_property
    def _filter(self) -> tuple[Condition | None, int | None]:
        """The condition of the filters, and how many chunks meet it."""
        condition = parse_filters(self.settings.where, self.snapshot, self._notify)
        return condition, None if condition is None else self.snapshot.count(condition)

    @cached_property
    def _coverage(self) -> Coverage:
        return self.snapshot.coverage()

    def _embed(self, text: str, watch: Stopwatch) -> Vectors:
        """float32 [1, d], unit length; warns where the model could not read all of the text."""
        with watch.step("load"):
            embedder = self.embedder
        with watch.step("embed"):
            before = embedder.truncation.tokens
            vector = self.embed([text])
        if cut := embedder.truncation.tokens - before:
            self._notify(
                f"The question is too long: its last {cut} tokens are used for keyword search only.",
                warning=True,
            )
        return vector

    def _demand_quotes(self, question: Question, watch: Stopwatch) -> Question:
        """Allow only chunks with what is quoted; if there are none, say so and ignore the quotation marks."""
        parsed = parse_query(question.text)
        quotes = parsed.condition
        if quotes is None:
            return question
        with watch.step("phrases"):
            condition = And((quotes, question.condition)) if question.condition else quotes
            allowed = self.snapshot.count(condition)
        if allowed:
            return replace(question, condition=condition, allowed=allowed)
        where = " that the filter allows" if question.condition else ""
        quoted = " or ".join(" and ".join(f'"{part}"' for part in parts) for parts in parsed.quotes)
        self._notify(
            f"No document{where} contains {quoted} as written; the words were searched for one by one."
        )
        return question

    def _find_hits(
        self, question: Question, watch: Stopwatch, without: Collection[str]
    ) -> tuple[list[Hit], Ranking]:
        """The k best hits: the ranking goes deeper until there are enough, or no more."""
        k, chunks = self.settings.k, self.settings.chunks
        showing = Showing(k, chunks, self.settings.fold, without, self._exists)
        depth, reranked = self.first_depth, max(RERANKED, k)
        while True:
            ranking = rank(question, self.snapshot, depth, watch)
            ranking = self.rerank(question, ranking, reranked, watch)
            with watch.step("results"):
                hits = make_hits(question.text, ranking, self.snapshot, showing)
            if len(hits) >= k or ranking.exhausted:
                return hits, ranking
            depth, reranked = max(depth, len(ranking.scores)) * DEEPER, reranked * DEEPER

    def _report_missing(self, hits: Sequence[Hit]) -> None:
        missing = list(dict.fromkeys(hit.path for hit in hits if hit.missing))
        if missing:
            some = f"{', '.join(missing[:MISSING_NAMED])}{', …' if len(missing) > MISSING_NAMED else ''}"
            files = (
                "1 file of these results no longer exists"
                if len(missing) == 1
                else (f"{len(missing)} files of these results no longer exist")
            )
            self._notify(f"{files}: {some}. `simsearch index` brings the index up to date.", warning=True)

    def _explain(self, question: Question, ranking: Ranking | None, watch: Stopwatch) -> Explanation:
        both = question.mode == "hybrid"
        summed = both and question.fusion == "convex"
        return Explanation(
            mode=question.mode,
            fusion=question.fusion if both else None,
            weight=question.weight.value if summed else None,
            weight_by=question.weight.chosen_by if summed else None,
            candidates={name: len(found) for name, found in ranking.ranks.items()} if ranking else {},
            chunks=self._coverage.chunks,
            with_vectors=self._coverage.with_vectors,
            allowed=question.allowed,
            index=self.snapshot.dense_index().kind,
            milliseconds=watch.milliseconds,
            taught=self._teaching.explain(question.boosts) if self._teaching else None,
        )

    def _notify(self, text: str, warning: bool = False) -> None:
        if self._observe:
            self._observe(Notice(text, warning=warning))


def describe_coverage(coverage: Coverage) -> str:
    """What an answer from an index with pending chunks is worth, in one line."""
    return (
        f"{coverage.in_words} have vectors; the others are found by their words only until `simsearch index` has "
        "embedded them."
    )
