"""Every installed component keeps its hook's contract, as `simsearch plugins check` tries it."""

import inspect

import numpy as np
import pytest

from simsearch import Pair
from simsearch.errors import ComponentArgumentError
from simsearch.plugins.component_strings import parameters
from simsearch.plugins.declarations import KINDS
from simsearch.plugins.registry import Registry
from simsearch.testing import CONTRACTS, check_components

REGISTRY = Registry.load()
WITH_A_MODEL = {("rerankers", "cross-encoder")}
"""Built-ins that need a model which their own contract test makes."""


def test_every_hook_has_a_contract() -> None:
    assert set(CONTRACTS) == set(KINDS)


def test_every_built_in_component_is_documented() -> None:
    """`plugins show NAME` prints the docstring of `build`; a command prints its help instead."""
    built_in = [offer for offer in REGISTRY.offers() if offer.origin.builtin and offer.kind != "commands"]
    assert [offer.names for offer in built_in if not inspect.getdoc(offer.component.build)] == []


@pytest.mark.parametrize("offer", REGISTRY.offers(), ids=lambda offer: f"{offer.kind}-{offer.component.name}")
def test_a_component_keeps_its_contract(offer) -> None:  # type: ignore[no-untyped-def]
    verdicts = [v for v in check_components(REGISTRY, offer.component.name) if v.kind == offer.kind]
    assert verdicts
    skipped = [verdict for verdict in verdicts if verdict.outcome == "skipped"]
    assert [verdict for verdict in verdicts if verdict.outcome == "failed"] == []
    if skipped and (offer.kind, offer.component.name) in WITH_A_MODEL:
        assert "needs folder=" in skipped[0].reason
        return
    if skipped and offer.origin.builtin:
        pytest.fail(f"a built-in can't be tried: {skipped}")
    if skipped:
        pytest.skip(f"{skipped[0].reason} (its own package tests it)")


@pytest.mark.parametrize("offer", REGISTRY.offers(), ids=lambda offer: f"{offer.kind}-{offer.component.name}")
def test_the_arguments_of_a_component_have_types_that_can_be_checked(offer) -> None:  # type: ignore[no-untyped-def]
    """An annotation that can't be evaluated would let any text through."""
    untyped = [
        f"{name}: {parameter.annotation}"
        for name, parameter in parameters(offer.component.build).items()
        if isinstance(parameter.annotation, str) or parameter.annotation is parameter.empty
    ]
    assert untyped == []


def test_arguments_are_converted_under_postponed_annotations() -> None:
    with pytest.raises(ComponentArgumentError, match="'random': mean=abc is not a number"):
        REGISTRY.score_generator("random:mean=abc")
    given = REGISTRY.score_generator("given:low=1,high=5").value
    scores = given([Pair("a", "b", score=4.0)], np.random.default_rng(0))
    assert scores.tolist() == [0.75]
