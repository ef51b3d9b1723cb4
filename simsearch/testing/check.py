"""Runs the contracts on installed components, for `simsearch plugins check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from simsearch.errors import ComponentArgumentError, InputError, PluginError, SimsearchError
from simsearch.plugins.broken_plugins import describe
from simsearch.plugins.component_strings import split_component
from simsearch.plugins.registry import Offer, Registry
from simsearch.testing.commands import CommandContract
from simsearch.testing.contract import Contract
from simsearch.testing.documents import ChunkerContract, PairReaderContract, ReaderContract
from simsearch.testing.engines import EngineContract
from simsearch.testing.generators import PairGeneratorContract
from simsearch.testing.losses import LossContract
from simsearch.testing.negatives import NegativeMinerContract
from simsearch.testing.scores import ScoreGeneratorContract
from simsearch.testing.search import EmbedderContract, FormatterContract, RerankerContract
from simsearch.testing.splitters import SplitterContract
from simsearch.testing.stores import StoreContract

Outcome = Literal["passed", "failed", "skipped"]
CONTRACTS: dict[str, type[Contract[Any, Any]]] = {
    contract.kind: contract
    for contract in (
        PairReaderContract,
        PairGeneratorContract,
        ScoreGeneratorContract,
        SplitterContract,
        NegativeMinerContract,
        LossContract,
        ReaderContract,
        ChunkerContract,
        EmbedderContract,
        StoreContract,
        EngineContract,
        RerankerContract,
        FormatterContract,
        CommandContract,
    )
}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one law of a contract for one component.

    Args:
        component: Its component string; the name of the plugin for a law about the whole plugin.
        kind: Its hook without `simsearch_`.
        contract: The law in words.
        reason: What broke it, or why it could not be tested; empty if it passed.
    """

    component: str
    kind: str
    contract: str
    outcome: Outcome
    reason: str = ""


def check_components(registry: Registry, name: str) -> list[CheckResult]:
    """Test the components of a package, those of one plugin, or one component.

    Args:
        name: A package, a plugin, a component, or a component string with arguments.

    Raises:
        UnknownComponent: Nothing of that name is installed; the message suggests the nearest name.
    """
    bare, arguments = split_component(name)
    offers, problems = registry.named(bare)
    verdicts = [
        CheckResult(p.origin.plugin, "plugin", "loads without a problem", "failed", p.reason)
        for p in problems
    ]
    for offer in offers:
        verdicts += _check(registry, offer, name if arguments else offer.component.name)
    return verdicts


def _check(registry: Registry, offer: Offer, spec: str) -> Iterator[CheckResult]:
    contract = CONTRACTS[offer.kind].of(spec, registry)
    try:
        contract.built  # noqa: B018
    except ComponentArgumentError as error:
        yield CheckResult(spec, offer.kind, "is built", "skipped", f"{error} Check it with arguments.")
        return
    except SimsearchError as error:
        outcome: Outcome = "failed" if isinstance(error, PluginError) else "skipped"
        yield CheckResult(spec, offer.kind, "is built", outcome, str(error))
        return
    for law, test in contract.laws().items():
        yield CheckResult(spec, offer.kind, law, *_try(test))


def _try(law: Callable[[], None]) -> tuple[Outcome, str]:
    try:
        law()
    except AssertionError as error:
        return "failed", str(error)
    except InputError as error:
        return "skipped", f"it refuses the examples ({error}); test it with examples of your own"
    except (Exception, SystemExit) as error:
        return "failed", describe(error)
    return "passed", ""
