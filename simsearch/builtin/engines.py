"""Built-in engines: where the work of an index run is done."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simsearch.engines import Embedded, EngineOpener, FileTask, Outcome, Worker


@hookimpl
def simsearch_engines() -> list[Component]:
    return [Component("local", "In the process of the command", local)]


def local() -> EngineOpener:
    """Files are read and cut in one thread, and embedded with all cores."""
    return lambda context: nullcontext(LocalEngine(context.worker))


class LocalEngine:
    """Asks the worker of this process for each result when it is needed."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def cut(self, tasks: Iterable[FileTask]) -> Iterator[Outcome]:
        return map(self._worker.cut, tasks)

    def embed(self, batches: Iterable[Sequence[str]]) -> Iterator[Embedded]:
        return map(self._worker.embed, batches)
