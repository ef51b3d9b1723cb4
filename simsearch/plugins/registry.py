"""The registry: loads plugins, and builds components from strings such as `random:mean=0.9`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from functools import partial
from typing import TYPE_CHECKING, Any

import pluggy

from simsearch import __version__, hooks
from simsearch.errors import InputError, PluginError, SimsearchError, UnknownComponent
from simsearch.plugins.broken_plugins import PluginProblem, PluginProblems, describe, measure_load
from simsearch.plugins.component_strings import bind, split_component
from simsearch.plugins.declarations import declared_components, deprecations
from simsearch.plugins.discovery import BUILTIN_PACKAGE, Found, Origin, builtin_plugins, installed_plugins
from simsearch.plugins.observers import Observers
from simsearch.plugins.offers import Built, Offer
from simsearch.wording import suggestion

if TYPE_CHECKING:
    from simsearch.components import DataKind, Event
    from simsearch.engines import EngineOpener
    from simsearch.storage.opening import StoreOpener
    from simsearch.types import (
        Chunker,
        Embedder,
        Formatter,
        LossFactory,
        NegativeMiner,
        PairGenerator,
        PairReader,
        Reader,
        Reranker,
        ScoreGenerator,
        Splitter,
        TrainingData,
    )

__all__ = ["Built", "Offer", "PluginProblem", "Registry"]


class Registry:
    """The plugins of one process; make one with Registry.load() and pass it on.

    Args:
        strict: Raise for the first problem with a plugin instead of keeping it. A slow plugin is never fatal.
    """

    def __init__(self, strict: bool = False) -> None:
        self._hooks = pluggy.PluginManager(hooks.PROJECT)
        self._hooks.add_hookspecs(hooks)
        self._problems = PluginProblems(strict)
        self._observers = Observers(self._hooks, self._report_observer)
        self._offers: dict[tuple[str, str], list[Offer]] = {}
        self.origins: list[Origin] = []

    @property
    def problems(self) -> list[PluginProblem]:
        """What is wrong with plugins, in the order in which it was found."""
        return self._problems.found

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
        """Load one plugin; a broken one is disabled, and its problem kept."""
        origin = found.origin
        try:
            (plugin, offers), cost = measure_load(partial(self._load, found))
        except (Exception, SystemExit) as error:
            self._problems.disable(origin, error, self._hooks)
            return
        self.origins.append(origin)
        for offer in offers:
            self._accept(offer)
        if not origin.builtin:
            for reason in deprecations(self._hooks, plugin):
                self._report(origin, reason)
            self._problems.report_slow_load(origin, cost)

    def offers(self, kind: str | None = None) -> list[Offer]:
        """The installed components of one kind or of all kinds, built-ins first."""
        return [offer for (of, _), offers in self._offers.items() for offer in offers if kind in (None, of)]

    def has(self, kind: str, spec: str) -> bool:
        """Whether a component string names a component of that kind."""
        return bool(self._offers.get((kind, spec.partition(":")[0])))

    def find(self, kind: str, name: str) -> Offer:
        """The component of that kind and name.

        Raises:
            UnknownComponent: There is none; suggests the nearest name and lists all.
            PluginError: Two packages offer it.
        """
        offers = self._offers.get((kind, name), [])
        if not offers:
            known = [offer.component.name for offer in self.offers(kind)]
            raise UnknownComponent(
                f"No {_singular(kind)} is called '{name}'{suggestion(name, known)}. The {kind.replace('_', ' ')} are: "
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
            UnknownComponent: Nothing installed has that name; suggests the nearest one.
        """
        offers = [offer for offer in self.offers() if name in offer.names]
        problems = [problem for problem in self.problems if name in problem.origin.names]
        if not offers and not problems:
            known = {known for offer in self.offers() for known in offer.names}
            raise UnknownComponent(f"Nothing installed is called '{name}'{suggestion(name, known)}.")
        return offers, problems

    def build(self, kind: str, spec: str) -> Built[Any]:
        """Build a component from its string, `name` or `name:key=value,…`.

        Raises:
            UnknownComponent, ComponentArgumentError: The string names a component or an argument that doesn't exist.
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
        """What a loss learns about the data; a loss that it wraps must accept the same kind of data."""
        from simsearch.types import TrainingData

        def inner(spec: str) -> LossFactory:
            built = self.loss(spec)
            accepts = built.offer.component.accepts
            if kind not in accepts:
                raise InputError(
                    f"The loss '{built.name}' can't be used inside another here: it accepts {' or '.join(accepts)}, "
                    f"but the data is {kind}."
                )
            return built.value

        return TrainingData(kind, negatives, inner)

    def reader(self, spec: str) -> Built[Reader]:
        return self.build("readers", spec)

    def chunker(self, spec: str) -> Built[Chunker]:
        return self.build("chunkers", spec)

    def embedder(self, spec: str) -> Built[Embedder]:
        return self.build("embedders", spec)

    def store(self, spec: str) -> Built[StoreOpener]:
        return self.build("stores", spec)

    def engine(self, spec: str) -> Built[EngineOpener]:
        return self.build("engines", spec)

    def reranker(self, spec: str) -> Built[Reranker]:
        return self.build("rerankers", spec)

    def formatter(self, spec: str) -> Built[Formatter]:
        return self.build("formatters", spec)

    def observe(self, event: Event) -> None:
        """Pass an event to every plugin that observes."""
        self._observers.observe(event)

    def listen(self, name: str, plugin: object) -> None:
        """Add an object with a simsearch_observe hook, such as a progress bar."""
        self._hooks.register(plugin, name=f"{BUILTIN_PACKAGE}:{name}")

    def missing_hint(self) -> str:
        """A last sentence for whoever misses a component: the plugin that has it may be disabled."""
        return self._problems.hint()

    def _load(self, found: Found) -> tuple[object, list[Offer]]:
        with redirect_stdout(sys.stderr):  # stdout is for results, and for protocols
            plugin = found.load()
            self._hooks.register(plugin, name=found.origin.key)
            declared = declared_components(self._hooks, plugin)
        return plugin, [Offer(kind, component, found.origin) for kind, component in declared]

    def _accept(self, offer: Offer) -> None:
        """Add a component, unless a built-in has its name; a name of two packages is an error once it is used."""
        name, what = offer.component.name, f"its {_singular(offer.kind)} '{offer.component.name}'"
        others = self._offers.setdefault((offer.kind, name), [])
        if any(other.origin.builtin for other in others):
            self._report(offer.origin, f"{what} is ignored, because a built-in has that name")
            return
        others.append(offer)
        if len(others) > 1:
            self._report(offer.origin, f"{what} has the same name as one of {others[0].origin.package}")

    def _report(self, origin: Origin, reason: str) -> None:
        self._problems.report(PluginProblem(origin, reason, disabled=False))

    def _report_observer(self, key: str, error: BaseException) -> PluginProblem:
        origins = {origin.key: origin for origin in self.origins}
        origin = origins.get(key, Origin(key.partition(":")[2], BUILTIN_PACKAGE, __version__, ""))
        problem = PluginProblem(origin, f"its observer failed: {describe(error)}", disabled=False)
        self._problems.report(problem)
        return problem


def _singular(kind: str) -> str:
    return (kind.removesuffix("es") if kind == "losses" else kind.removesuffix("s")).replace("_", " ")
