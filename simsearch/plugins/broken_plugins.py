"""A broken plugin is disabled: its reason is kept and shown, and everything else works."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pluggy

from simsearch.errors import PluginError, SimsearchError
from simsearch.plugins.discovery import Origin

T = TypeVar("T")

SLOW_SECONDS = 0.3
"""CPU time of this thread, so that other load on the machine doesn't count."""

HEAVY_MODULES = ("torch", "transformers", "sentence_transformers", "datasets", "faiss", "onnxruntime")


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """What is wrong with a plugin, as the end of a sentence.

    Args:
        disabled: Whether the whole plugin is left out because of it.
    """

    origin: Origin
    reason: str
    disabled: bool = True

    def __str__(self) -> str:
        return f"plugin {self.origin.plugin} of {self.origin}{' is disabled' if self.disabled else ''}: {self.reason}"


class PluginProblems:
    """The problems of all plugins of one process.

    Args:
        strict: Raise for the first problem instead of keeping it.
    """

    def __init__(self, strict: bool = False) -> None:
        self._strict = strict
        self.found: list[PluginProblem] = []

    def report(self, problem: PluginProblem) -> None:
        """Keep a problem.

        Raises:
            PluginError: Plugins are strict.
        """
        if self._strict:
            raise PluginError(f"{problem} (strict plugins are on).")
        self.found.append(problem)

    def disable(self, origin: Origin, error: BaseException, hooks: pluggy.PluginManager) -> None:
        """Unregister a broken plugin, and keep the reason; a broken built-in is an error of simsearch itself.

        Raises:
            PluginError: Plugins are strict.
        """
        if hooks.has_plugin(origin.key):
            hooks.unregister(name=origin.key)
        if origin.builtin:
            raise error
        self.report(PluginProblem(origin, describe(error)))

    def report_slow_load(self, origin: Origin, load: LoadCost) -> None:
        """Keep that a plugin is heavy or slow to load; the machine shares in the time, so that is never fatal."""
        advice = "while it is loaded; heavy imports belong inside build"
        if load.heavy:
            self.report(
                PluginProblem(origin, f"it imports {' and '.join(load.heavy)} {advice}", disabled=False)
            )
        elif load.seconds > SLOW_SECONDS:
            self.found.append(
                PluginProblem(origin, f"it takes {load.seconds:.1f} s {advice}", disabled=False)
            )

    def hint(self) -> str:
        """A last sentence for whoever misses a component: the plugin that has it may be disabled."""
        disabled = [str(problem) for problem in self.found if problem.disabled]
        return f" It may come from a plugin that was disabled: {'; '.join(disabled)}." if disabled else ""


@dataclass(frozen=True, slots=True)
class LoadCost:
    """What loading a plugin took: CPU seconds, and the heavy modules that it imported."""

    seconds: float
    heavy: tuple[str, ...]


def measure_load(load: Callable[[], T]) -> tuple[T, LoadCost]:
    """Call `load`, and measure what it costs."""
    began, before = time.thread_time(), _heavy_modules()
    loaded = load()
    return loaded, LoadCost(time.thread_time() - began, tuple(sorted(_heavy_modules() - before)))


def describe(error: BaseException) -> str:
    """An exception of a plugin in words, with the line that raised it."""
    if isinstance(error, SimsearchError):
        return str(error)
    if isinstance(error, ImportError):
        return f"a package that it needs is missing: {error}"
    import traceback

    places = [
        f"{frame.filename}, line {frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<")
    ]
    where = f" ({places[-1]})" if places and not isinstance(error, SyntaxError) else ""
    return f"{type(error).__name__}: {error}{where}"


def _heavy_modules() -> set[str]:
    return {name for name in HEAVY_MODULES if name in sys.modules}
