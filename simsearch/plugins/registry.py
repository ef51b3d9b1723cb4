"""Finds plugins, sets broken ones aside, and builds components from strings like `random:mean=0.9`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any

import pluggy

from simsearch import __version__, hooks
from simsearch.errors import InputError, PluginError, SimsearchError, UnknownComponent
from simsearch.plugins.component_strings import bind, split_component
from simsearch.plugins.declarations import declared, outdated
from simsearch.plugins.discovery import BUILTIN_PACKAGE, Found, Origin, builtin_plugins, installed_plugins
from simsearch.plugins.offers import Built, Offer, PluginProblem, describe
from simsearch.types import (
    Chunker,
    DataKind,
    Embedder,
    Event,
    Formatter,
    LossFactory,
    NegativeMiner,
    Notice,
    PairGenerator,
    PairReader,
    Reader,
    Reranker,
    ScoreGenerator,
    Splitter,
    TrainingData,
)
from simsearch.wording import suggestion

__all__ = ["Built", "Offer", "PluginProblem", "Registry"]

SLOW_SECONDS = 0.3
"""Of computing: what else the machine does meanwhile doesn't count."""

HEAVY_MODULES = ("torch", "transformers", "sentence_transformers", "datasets", "faiss", "onnxruntime")


class Registry:
    """The plugins of one process; make one with Registry.load() and pass it on.

    Args:
        strict: Raise for the first problem with a plugin instead of noting it; one that is slow is noted all the same.
    """

    def __init__(self, strict: bool = False) -> None:
        self._hooks = pluggy.PluginManager(hooks.PROJECT)
        self._hooks.add_hookspecs(hooks)
        self._strict = strict
        self._offers: dict[tuple[str, str], list[Offer]] = {}
        self._mute: set[str] = set()
        self.origins: list[Origin] = []
        self.problems: list[PluginProblem] = []

    @classmethod
    def load(cls, only: Sequence[str] | None = None, strict: bool = False) -> Registry:
        """Load the built-ins, then every installed plugin.

        Args:
            only: Names of the installed plugins to load; None loads all.
            strict: Raise for the first problem with a plugin.

        Raises:
            PluginError: With `strict`, a plugin has a problem; a name in `only` is not installed.
        """
        registry = cls(strict)
        for found in (*builtin_plugins(), *installed_plugins(only)):
            registry.add(found)
        return registry

    def add(self, found: Found) -> None:
        """Load one plugin; whatever goes wrong becomes a PluginProblem with its name on it."""
        origin, began, heavy = found.origin, time.thread_time(), _heavy_modules()
        try:
            plugin = found.load()
            self._hooks.register(plugin, name=origin.key)
            offers = [Offer(kind, component, origin) for kind, component in declared(self._hooks, plugin)]
        except (Exception, SystemExit) as error:
            self._disable(origin, error)
            return
        self.origins.append(origin)
        for offer in offers:
            self._accept(offer)
        for reason in () if origin.builtin else outdated(self._hooks, plugin):
            self._report(PluginProblem(origin, reason, disabled=False))
        self._report_weight(origin, time.thread_time() - began, sorted(_heavy_modules() - heavy))

    def offers(self, kind: str | None = None) -> list[Offer]:
        """What is installed, of one kind or of all, built-ins first."""
        return [offer for (of, _), offers in self._offers.items() for offer in offers if kind in (None, of)]

    def has(self, kind: str, spec: str) -> bool:
        """Whether a string names a component of that kind."""
        return bool(self._offers.get((kind, spec.partition(":")[0])))

    def find(self, kind: str, name: str) -> Offer:
        """The one component of that kind and name.

        Raises:
            UnknownComponent: There is none; names the nearest and all there are.
            PluginError: Two packages offer it.
        """
        offers = self._offers.get((kind, name), [])
        if not offers:
            known = [offer.component.name for offer in self.offers(kind)]
            raise UnknownComponent(
                f"No {_singular(kind)} is called '{name}'{suggestion(name, known)}; there are: "
                f"{', '.join(known) or 'none'}.{self.missing_hint()}"
            )
        if len(offers) > 1:
            first, second = (offer.origin.package for offer in offers[:2])
            raise PluginError(
                f"Both {first} and {second} offer '{name}'; uninstall one, or set SIMSEARCH_PLUGINS "
                "to the plugins to load."
            )
        return offers[0]

    def named(self, name: str) -> tuple[list[Offer], list[PluginProblem]]:
        """What a package, plugin or component of that name offers, and what is wrong with it.

        Raises:
            UnknownComponent: Nothing installed has that name; names the nearest.
        """
        offers = [offer for offer in self.offers() if name in offer.names]
        problems = [problem for problem in self.problems if name in problem.origin.names]
        if not offers and not problems:
            known = {known for offer in self.offers() for known in offer.names}
            raise UnknownComponent(f"Nothing that is installed is called '{name}'{suggestion(name, known)}.")
        return offers, problems

    def build(self, kind: str, spec: str) -> Built[Any]:
        """Build a component from its string, `name` or `name:key=value,…`.

        Raises:
            UnknownComponent, ComponentArgumentError: The string names what there isn't.
            PluginError: The component can't be built.
        """
        name, arguments = split_component(spec)
        offer = self.find(kind, name)
        try:
            value = offer.component.build(**bind(name, offer.component.build, arguments))
        except SimsearchError:
            raise
        except (Exception, SystemExit) as error:
            raise PluginError(f"'{name}' of {offer.origin} can't be built: {describe(error)}.") from error
        built = Built(value, spec, offer)
        if kind != "embedders" and not callable(value):
            raise built.blame(f"was built as a {type(value).__name__}, which can't be called")
        return built

    def pair_reader(self, spec: str) -> Built[PairReader]:
        return self.build("pair_readers", spec)

    def pair_generator(self, spec: str) -> Built[PairGenerator]:
        return self.build("pair_generators", spec)

    def score_generator(self, spec: str) -> Built[ScoreGenerator]:
        return self.build("score_generators", spec)

    def splitter(self, spec: str) -> Built[Splitter]:
        return self.build("splitters", spec)

    def negative_miner(self, spec: str) -> Built[NegativeMiner]:
        return self.build("negative_miners", spec)

    def loss(self, spec: str) -> Built[LossFactory]:
        return self.build("losses", spec)

    def training_data(self, kind: DataKind, negatives: int) -> TrainingData:
        """What a loss is told; a loss that it asks for must take the same data."""

        def inner(spec: str) -> LossFactory:
            built = self.loss(spec)
            accepts = built.offer.component.accepts
            if kind not in accepts:
                raise InputError(
                    f"The loss '{built.name}' can't be used inside another here: it takes {' or '.join(accepts)}, "
                    f"and the data is {kind}."
                )
            return built.value

        return TrainingData(kind, negatives, inner)

    def reader(self, spec: str) -> Built[Reader]:
        return self.build("readers", spec)

    def chunker(self, spec: str) -> Built[Chunker]:
        return self.build("chunkers", spec)

    def embedder(self, spec: str) -> Built[Embedder]:
        return self.build("embedders", spec)

    def reranker(self, spec: str) -> Built[Reranker]:
        return self.build("rerankers", spec)

    def formatter(self, spec: str) -> Built[Formatter]:
        return self.build("formatters", spec)

    def observe(self, event: Event) -> None:
        """Tell every plugin that listens; one that raises is reported once and not asked again."""
        for listener in self._hooks.hook.simsearch_observe.get_hookimpls():
            if listener.plugin_name in self._mute:
                continue
            try:
                listener.function(*(event for _ in listener.argnames))
            except (Exception, SystemExit) as error:
                self._silence(listener.plugin_name, error)

    def listen(self, name: str, plugin: object) -> None:
        """Add an object with a simsearch_observe hook, such as a progress bar."""
        self._hooks.register(plugin, name=f"{BUILTIN_PACKAGE}:{name}")

    def _accept(self, offer: Offer) -> None:
        name = offer.component.name
        there = self._offers.setdefault((offer.kind, name), [])
        if any(other.origin.builtin for other in there):
            reason = f"its {_singular(offer.kind)} '{name}' has the name of a built-in, which stays"
            self._report(PluginProblem(offer.origin, reason, disabled=False))
            return
        there.append(offer)
        if len(there) > 1:
            reason = f"its {_singular(offer.kind)} '{name}' has the name of one by {there[0].origin.package}"
            self._report(PluginProblem(offer.origin, reason, disabled=False))

    def _disable(self, origin: Origin, error: BaseException) -> None:
        if self._hooks.has_plugin(origin.key):
            self._hooks.unregister(name=origin.key)
        if origin.builtin:
            raise error
        self._report(PluginProblem(origin, describe(error)))

    def _silence(self, listener: str, error: BaseException) -> None:
        self._mute.add(listener)
        known = {origin.key: origin for origin in self.origins}
        origin = known.get(listener, Origin(listener.partition(":")[2], BUILTIN_PACKAGE, __version__, ""))
        problem = PluginProblem(origin, f"it can't observe: {describe(error)}")
        self._report(problem)
        self.observe(Notice(str(problem), warning=True))

    def _report_weight(self, origin: Origin, seconds: float, heavy: Sequence[str]) -> None:
        """Name what takes long to load; how long is the machine's affair too, so that alone is never fatal."""
        if origin.builtin:
            return
        advice = "while loading; heavy imports belong inside build"
        if heavy:
            self._report(PluginProblem(origin, f"it imports {' and '.join(heavy)} {advice}", disabled=False))
        elif seconds > SLOW_SECONDS:
            self.problems.append(PluginProblem(origin, f"it took {seconds:.1f} s {advice}", disabled=False))

    def _report(self, problem: PluginProblem) -> None:
        if self._strict:
            raise PluginError(f"{problem} (strict plugins are on).")
        self.problems.append(problem)

    def missing_hint(self) -> str:
        """A last sentence for who misses a component: the plugin that has it may be set aside."""
        aside = [str(problem) for problem in self.problems if problem.disabled]
        return f" What may have had it: {'; '.join(aside)}." if aside else ""


def _singular(kind: str) -> str:
    return (kind.removesuffix("es") if kind == "losses" else kind.removesuffix("s")).replace("_", " ")


def _heavy_modules() -> set[str]:
    return {name for name in HEAVY_MODULES if name in sys.modules}
