"""The plugin interface over time: what was written for an older simsearch works, and is warned in time."""

import pytest

from simsearch import Notice, hooks
from simsearch.errors import PluginError
from simsearch.plugins.declarations import HOOKS
from simsearch.plugins.discovery import Found, Origin
from simsearch.plugins.registry import Registry
from simsearch.testing import check_components
from tests.plugins.frozen import answers_0_1


def registry(strict: bool = False) -> Registry:
    made = Registry.load(only=(), strict=strict)
    made.add(Found(Origin("frozen", "simsearch-frozen", "0.1", "answers_0_1"), lambda: answers_0_1))
    return made


def test_a_plugin_of_the_first_version_keeps_working() -> None:
    made = registry()
    assert made.problems == []
    made.observe(Notice("text"))
    assert made.problems == []
    verdicts = check_components(made, "simsearch-frozen")
    assert {verdict.kind for verdict in verdicts} == {
        "pair_readers", "score_generators", "splitters", "losses", "readers", "chunkers", "formatters",
    }  # fmt: skip
    assert [verdict for verdict in verdicts if verdict.outcome != "passed"] == []


def test_every_hook_says_since_when_it_is_there() -> None:
    for hook in HOOKS:
        assert getattr(hooks, hook).since.replace(".", "").isdigit(), hook


def test_a_plugin_of_a_deprecated_hook_works_and_hears_what_to_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    going = hooks.Deprecation("0.4", "implement simsearch_partitions, which takes the columns too")
    monkeypatch.setattr(hooks.simsearch_splitters, "deprecated", going)
    made = registry()
    assert [str(problem) for problem in made.problems] == [
        "plugin frozen of simsearch-frozen 0.1: its simsearch_splitters is deprecated since simsearch "
        "0.4; it should implement simsearch_partitions, which takes the columns too"
    ]
    assert made.splitter("frozen").name == "frozen"
    with pytest.raises(PluginError, match=r"deprecated since simsearch 0\.4"):
        registry(strict=True)
