"""What stays in memory: one model, and the index, opened again whenever it has changed.

A request runs in one thread from beginning to end. All threads share one model, which embeds together the questions
that arrive together.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from simsearch import Event, InputError, Notice, Workspace
from simsearch.embedding.shared import SharedEmbedder
from simsearch_serve.errors import Overloaded, TookTooLong
from simsearch_serve.options import Limits

if TYPE_CHECKING:
    from simsearch.querying.open_index import OpenIndex
    from simsearch.querying.searcher import Answer
    from simsearch.storage.protocols import Identity
    from simsearch.types import Embedder

T = TypeVar("T")

THREADS = 4
"""One question that takes long, as with a reranker, leaves the others a thread."""


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
        self._threads = ThreadPoolExecutor(THREADS, "simsearch-serve")
        self._held = threading.local()
        self._waiting = 0
        self._loading = threading.Lock()
        self._embedder: SharedEmbedder | None = None
        self._find_reranker = cache(workspace.registry.reranker)

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

    async def run(self, work: Callable[[OpenIndex], T]) -> T:
        """Do something with the index, in a thread of the pool.

        Raises:
            Overloaded: Too many requests are waiting.
            TookTooLong: It took longer than the limit.
        """
        return await self.run_without_index(lambda: work(self._open()))

    async def run_without_index(self, work: Callable[[], T]) -> T:
        """Do something that takes a while, in a thread of the pool; raises like `run`."""
        if self._waiting >= self.limits.waiting:
            raise Overloaded(f"{self._waiting} requests are waiting already; try again in a moment.")
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except TimeoutError as error:
            raise TookTooLong(
                f"There was no answer within {self.limits.seconds:g} seconds; ask for less, or try again later."
            ) from error
        finally:
            self._waiting -= 1

    def load(self, identity: Identity) -> Embedder:
        """The model of an index: the one in memory, unless the index has another by now."""
        with self._loading:
            if self._embedder is None or self._embedder.fingerprint != identity.fingerprint:
                self._embedder = None  # frees the old one before the new one is loaded
                loaded = self.workspace.models.load_exactly(identity.model, identity.fingerprint)
                self._embedder = SharedEmbedder(loaded)
            return self._embedder

    def close(self) -> None:
        """Take no more requests; those that run are finished."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _search(self, text: str, overrides: Mapping[str, Any], index: OpenIndex) -> Answered:
        self._demand_allowed(text, overrides)
        notices: list[str] = []

        def observe(event: Event) -> None:
            if isinstance(event, Notice):
                notices.append(event.text)

        searcher = index.searcher(self.workspace.query_settings(**overrides), observe)
        return Answered(self.workspace.ask(text, searcher), tuple(notices))

    def _demand_allowed(self, text: str, overrides: Mapping[str, Any]) -> None:
        limits, rerank = self.limits, overrides.get("rerank")
        if len(text) > limits.query:
            raise InputError(
                f"The query has {len(text)} characters; at most {limits.query} are allowed here."
            )
        if (overrides.get("k") or 0) > limits.k:
            raise InputError(f"k is {overrides['k']}; at most {limits.k} results are given here.")
        if rerank is not None and rerank not in self.rerankers:
            raise InputError(
                f"The reranker '{rerank}' is not offered here; there are: {', '.join(self.rerankers) or 'none'}."
            )

    def _open(self) -> OpenIndex:
        """This thread's index, opened again if it has changed."""
        held: OpenIndex | None = getattr(self._held, "index", None)
        if held and not held.changed:
            return held
        if held:
            self._held.index = None
            held.close()
        self._held.index = opened = self.workspace.open_index(self.load, self._find_reranker)
        return opened
