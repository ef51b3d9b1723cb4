"""What stays in memory: one model, and the index, opened again whenever it has changed.

A request runs in one thread from beginning to end. All threads share one model, which embeds together the questions
that arrive together.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from simsearch import Event, InputError, Notice, Truncation, Workspace
from simsearch.embedding.shared import SharedEmbedder
from simsearch.errors import NoIndex
from simsearch_serve.errors import Overloaded, TookTooLong
from simsearch_serve.options import Limits
from simsearch_serve.threads import Threads

if TYPE_CHECKING:
    from simsearch.querying.evaluate import Evaluation
    from simsearch.querying.open_index import OpenIndex
    from simsearch.querying.searcher import Answer, Searcher
    from simsearch.storage.protocols import Identity
    from simsearch.types import Embedder, Role, Vectors

T = TypeVar("T")

THREADS = 4
"""One question that takes long, as with a reranker, leaves the others a thread."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Texts as vectors.

    Args:
        model: The name of the model.
        vectors: float32 [n, d], unit length.
        tokens: How many tokens the texts have.
        truncation: What of them the model could not read.
    """

    model: str
    vectors: Vectors
    tokens: int
    truncation: Truncation


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and what a person should know about it.

    Args:
        notices: Sentences, such as that what is quoted was not found as written.
    """

    answer: Answer
    notices: tuple[str, ...] = ()


class Resident:
    """A workspace held open for many requests.

    Args:
        writable: Whether clients may judge and index.
        rerankers: Component strings of rerankers that clients may ask for.
    """

    def __init__(
        self,
        workspace: Workspace,
        limits: Limits | None = None,
        *,
        writable: bool = False,
        rerankers: tuple[str, ...] = (),
    ) -> None:
        self.workspace = workspace
        self.limits = limits or Limits()
        self.writable = writable
        default = workspace.settings.query.rerank
        self.rerankers = tuple(dict.fromkeys([*([default] if default else []), *rerankers]))
        self._threads = Threads(THREADS)
        self._index = workspace.keep_open()
        self.waiting = 0
        self._loading = threading.Lock()
        self._without_index: SharedEmbedder | None = None

    async def search(self, text: str, **overrides: Any) -> Answered:
        """Answer a question.

        Args:
            overrides: Any field of QuerySettings.

        Raises:
            InputError: The question or a setting can't be used.
            NoIndex: Nothing has been indexed yet.
            Overloaded: Too many requests are waiting.
            TookTooLong: It took longer than the limit.
        """
        return await self.run(partial(self._search, text, overrides))

    async def find_similar(self, name: str, **overrides: Any) -> Answered:
        """Find documents that are similar to an indexed one; raises like `search`.

        Args:
            name: A path, a path with a part, or the id of a document.
        """
        return await self.run(partial(self._find_similar, name, overrides))

    async def evaluate(
        self,
        queries: Mapping[str, str],
        judgements: Mapping[str, Mapping[str, int]],
        measures: str,
        **overrides: Any,
    ) -> tuple[Evaluation, tuple[str, ...]]:
        """Measure the index; raises like `search`.

        Args:
            queries: The text of each question by its id.
            judgements: The grade of each judged document by its id, by the id of the question.
            measures: In ir-measures notation, separated by spaces.

        Returns:
            The measures, and notices.
        """
        return await self.run(partial(self._evaluate, queries, judgements, measures, overrides))

    async def embed(
        self, texts: Sequence[Any], model: str, role: Role = "document", dimensions: int | None = None
    ) -> Embedded:
        """Embed texts with the model of the index, or the workspace's if there is no index.

        Args:
            texts: Anything else than texts is refused.
            model: The name that the client knows the model by.
            dimensions: The length of the vectors that the client expects.

        Raises:
            InputError: It is another model, or something can't be embedded.
        """
        return await self.run_without_index(partial(self._embed, texts, model, role, dimensions))

    async def model_name(self) -> str:
        """The name of the model that embeds."""
        return await self.run_without_index(lambda: self._find_embedder().name)

    async def run(self, work: Callable[[OpenIndex], T]) -> T:
        """Do something with the index, in a thread of the pool.

        Raises:
            Overloaded: Too many requests are waiting.
            TookTooLong: It took longer than the limit.
        """
        return await self.run_without_index(lambda: work(self._index.open()))

    async def run_without_index(self, work: Callable[[], T]) -> T:
        """Do something that takes a while, in a thread of the pool; raises like `run`."""
        if self.waiting >= self.limits.waiting:
            raise Overloaded(f"{self.waiting} requests are waiting already; try again in a moment.")
        self.waiting += 1
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await asyncio.wrap_future(self._threads.submit(work))
        except TimeoutError as error:
            raise TookTooLong(
                f"There was no answer within {self.limits.seconds:g} seconds; ask for less, or try again later."
            ) from error
        finally:
            self.waiting -= 1

    def load(self, identity: Identity) -> Embedder:
        """The model of an index: the one in memory, unless the index has another by now."""
        return self._index.load(identity)

    def _search(self, text: str, overrides: Mapping[str, Any], index: OpenIndex) -> Answered:
        if len(text) > self.limits.query:
            raise InputError(
                f"The query has {len(text)} characters; at most {self.limits.query} are allowed here."
            )
        searcher, notices = self._make_searcher(overrides, index)
        return Answered(self.workspace.ask(text, searcher), tuple(notices))

    def _find_similar(self, name: str, overrides: Mapping[str, Any], index: OpenIndex) -> Answered:
        searcher, notices = self._make_searcher(overrides, index)
        return Answered(self.workspace.ask_similar(name, searcher), tuple(notices))

    def _evaluate(
        self,
        queries: Mapping[str, str],
        judgements: Mapping[str, Mapping[str, int]],
        measures: str,
        overrides: Mapping[str, Any],
        index: OpenIndex,
    ) -> tuple[Evaluation, tuple[str, ...]]:
        from simsearch.querying.evaluate import absent_documents, evaluate_modes
        from simsearch.querying.judged_files import Judged

        searcher, notices = self._make_searcher(overrides, index)
        if absent := absent_documents(judgements, index.snapshot):
            notices.append(absent.text)
        mode = searcher.settings.mode
        evaluations = evaluate_modes(searcher, Judged(queries, judgements), measures.split(), (mode,))
        return evaluations[mode], tuple(notices)

    def _embed(self, texts: Sequence[Any], model: str, role: Role, dimensions: int | None) -> Embedded:
        embedder = self._find_embedder()
        if model != embedder.name:
            raise InputError(f"The model '{model}' is not served here; it is '{embedder.name}'.")
        if dimensions not in (None, embedder.dimension):
            raise InputError(
                f"The vectors of {model} have {embedder.dimension} dimensions, not {dimensions}."
            )
        if not all(isinstance(text, str) for text in texts):
            raise InputError("input must be text: this model has other tokens than the client.")
        before = embedder.truncation
        vectors = embedder.encode(texts, role)
        after = embedder.truncation
        truncation = Truncation(after.texts - before.texts, after.tokens - before.tokens)
        return Embedded(embedder.name, vectors, sum(embedder.tokens.count(texts)), truncation)

    def _find_embedder(self) -> Embedder:
        try:
            return self.load(self._index.open().snapshot.identity)
        except NoIndex:
            return self._load_current()

    def _make_searcher(self, overrides: Mapping[str, Any], index: OpenIndex) -> tuple[Searcher, list[str]]:
        """A searcher, and the notices that it will have given."""
        self._demand_allowed(overrides)
        notices: list[str] = []

        def observe(event: Event) -> None:
            if isinstance(event, Notice):
                notices.append(event.text)

        return index.searcher(self.workspace.query_settings(**overrides), observe), notices

    def _demand_allowed(self, overrides: Mapping[str, Any]) -> None:
        limits, rerank = self.limits, overrides.get("rerank")
        if (overrides.get("k") or 0) > limits.k:
            raise InputError(f"k is {overrides['k']}; at most {limits.k} results are given here.")
        if rerank is not None and rerank not in self.rerankers:
            raise InputError(
                f"The reranker '{rerank}' is not offered here. The rerankers are: "
                f"{', '.join(self.rerankers) or 'none'}."
            )

    def _load_current(self) -> Embedder:
        """The model that a new index would use; for a workspace without one."""
        with self._loading:
            if self._without_index is None or self._without_index.name != self.workspace.model:
                self._without_index = SharedEmbedder(self.workspace.models.load(self.workspace.model))
            return self._without_index
