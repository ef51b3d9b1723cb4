"""The registry: it finds and builds what plugins declare, and names the plugin when something is wrong."""

from __future__ import annotations

import re
import threading
import time
import types
from collections.abc import Callable
from typing import Any

import pytest

from simsearch import Component, InputError, Notice, hookimpl
from simsearch.errors import ComponentArgumentError, PluginError, UnknownComponent
from simsearch.plugins import broken_plugins
from simsearch.plugins.discovery import Found, Origin
from simsearch.plugins.registry import Registry


def plugin(package: str = "acme", **hooks: Callable[..., Any]) -> Found:
    """A plugin module with these hooks, as an installed package would bring it."""
    module = types.ModuleType(package)
    for name, hook in hooks.items():
        setattr(module, name, hookimpl(hook))
    return Found(Origin(package, f"simsearch-{package}", "1", package), lambda: module)


def no_components() -> list[Component]:
    return []


def splitters(*names: str, package: str = "acme") -> Found:
    def simsearch_splitters() -> list[Component]:
        return [Component(name, "", lambda: lambda pairs, random: None) for name in names]

    return plugin(package, simsearch_splitters=simsearch_splitters)


def scorer(build: Any, accepts: Any = ()) -> Found:
    def simsearch_score_generators() -> list[Component]:
        return [Component("votes", "", build, accepts=accepts)]

    return plugin(simsearch_score_generators=simsearch_score_generators)


def loaded(*found: Found, strict: bool = False) -> Registry:
    registry = Registry.load(only=(), strict=strict)
    for item in found:
        registry.add(item)
    return registry


def reasons(registry: Registry) -> list[str]:
    return [str(problem) for problem in registry.problems]


def test_the_built_ins_come_through_the_same_hooks() -> None:
    registry = loaded()
    assert registry.problems == []
    assert registry.find("splitters", "grouped").origin.builtin
    assert {offer.kind for offer in registry.offers()} >= {"splitters", "losses", "score_generators"}


def test_a_component_is_built_from_its_string() -> None:
    def build(low: float = 0.0, names: tuple[str, ...] = ()) -> Any:
        return lambda pairs, random: (low, names)

    registry = loaded(scorer(build))
    built = registry.score_generator('votes:low=0.5,names="a,b"')
    assert built.value([], None) == (0.5, ("a", "b"))  # type: ignore[arg-type,comparison-overlap]
    assert (built.name, str(built.offer.origin)) == ("votes", "simsearch-acme 1")


def test_an_unknown_name_gets_the_nearest_and_all_there_are() -> None:
    with pytest.raises(
        UnknownComponent, match=r"No splitter is called 'gruoped' \(did you mean 'grouped'\?\)"
    ):
        loaded().splitter("gruoped")
    with pytest.raises(
        UnknownComponent, match=r"No loss is called 'x'\. The losses are: multiple-negatives, "
    ):
        loaded().loss("x")


def test_an_unknown_name_says_which_plugin_may_have_had_it() -> None:
    def simsearch_splitters() -> list[Component]:
        raise RuntimeError("no licence")

    registry = loaded(plugin(simsearch_splitters=simsearch_splitters))
    with pytest.raises(UnknownComponent, match=r"plugin acme of simsearch-acme 1 is disabled: .*no licence"):
        registry.splitter("by-author")


def test_a_name_of_two_packages_is_an_error_only_for_who_uses_it() -> None:
    registry = loaded(splitters("a", "b"), splitters("b", "c", package="other"))
    assert registry.splitter("a").offer.origin.package == "simsearch-acme"
    assert registry.splitter("c").offer.origin.package == "simsearch-other"
    with pytest.raises(PluginError, match="Both simsearch-acme and simsearch-other offer 'b'"):
        registry.splitter("b")
    assert reasons(registry) == [
        "plugin other of simsearch-other 1: its splitter 'b' has the same name as one of simsearch-acme"
    ]


def test_a_built_in_keeps_its_name() -> None:
    registry = loaded(splitters("random", "mine"))
    assert registry.splitter("random").offer.origin.builtin
    assert registry.splitter("mine").offer.origin.package == "simsearch-acme"
    assert "its splitter 'random' is ignored, because a built-in has that name" in reasons(registry)[0]


def test_two_kinds_may_share_a_name() -> None:
    registry = loaded(splitters("lexical"))
    assert registry.problems == []
    assert registry.score_generator("lexical").offer.origin.builtin


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (None, "returned NoneType, not a list of Component"),
        ("by-author", "returned str, not a list of Component"),
        ([("by-author", "", print)], "returned a tuple instead of a Component"),
        ([Component("By Author", "", print)], "'By Author' .* has an invalid name"),
        ([Component("-", "", print)], "has an invalid name"),
        ([Component(5, "", print)], "'5' .* has an invalid name"),  # type: ignore[arg-type]
        ([Component("a", None, print)], "has a summary that is not a string"),  # type: ignore[arg-type]
        ([Component("a", "", None)], "has a build that can't be called"),  # type: ignore[arg-type]
        ([Component("a", "", print, accepts=(".md"))], "has accepts that is not a tuple of strings"),  # type: ignore[arg-type]
        ([Component("a", "", print, accepts=(".md",))], "has accepts, which its hook doesn't use"),
    ],
)
def test_a_wrong_answer_disables_the_plugin(answer: Any, problem: str) -> None:
    registry = loaded(plugin(simsearch_splitters=lambda: answer))
    assert [problem.disabled for problem in registry.problems] == [True]
    with pytest.raises(UnknownComponent, match=problem):
        registry.splitter("a")


@pytest.mark.parametrize(
    ("hook", "accepts", "problem"),
    [
        ("simsearch_losses", (), "should accept some of pairs, triplets, binary, graded, margins"),
        ("simsearch_losses", ("scores",), "should accept some of pairs"),
        ("simsearch_readers", (), "should accept file name endings"),
        ("simsearch_readers", ("md",), "should accept file name endings"),
        ("simsearch_pair_readers", (".MD",), "should accept file name endings"),
    ],
)
def test_what_a_component_accepts_is_checked(hook: str, accepts: tuple[str, ...], problem: str) -> None:
    registry = loaded(plugin(**{hook: lambda: [Component("a", "", print, accepts=accepts)]}))
    assert problem in reasons(registry)[0]


def test_a_hook_may_yield_its_components() -> None:
    def simsearch_splitters() -> Any:
        yield Component("a", "", lambda: print)

    assert loaded(plugin(simsearch_splitters=simsearch_splitters)).splitter("a").name == "a"


def test_a_hook_that_isnt_there_is_named_with_the_nearest() -> None:
    registry = loaded(plugin(simsearch_spliters=no_components))
    assert (
        "the hook simsearch_spliters, which this simsearch doesn't have (did you mean" in reasons(registry)[0]
    )


def test_a_hook_of_a_newer_simsearch_can_be_optional() -> None:
    module = types.ModuleType("acme")
    module.simsearch_tomorrow = hookimpl(optionalhook=True)(no_components)  # type: ignore[attr-defined]
    found = Found(Origin("acme", "simsearch-acme", "1", "acme"), lambda: module)
    assert loaded(found).problems == []


def test_a_hook_without_its_mark_is_named() -> None:
    module = types.ModuleType("acme")
    module.simsearch_splitters = lambda: None  # type: ignore[attr-defined]
    registry = loaded(Found(Origin("acme", "simsearch-acme", "1", "acme"), lambda: module))
    assert "its simsearch_splitters isn't marked with @simsearch.hookimpl" in reasons(registry)[0]


def test_a_module_without_any_hook_is_named() -> None:
    assert (
        "it implements no hook; mark its functions with @simsearch.hookimpl" in reasons(loaded(plugin()))[0]
    )


def test_a_wrapper_is_refused() -> None:
    module = types.ModuleType("acme")

    @hookimpl(wrapper=True)
    def simsearch_splitters() -> Any:
        return (yield)

    module.simsearch_splitters = simsearch_splitters  # type: ignore[attr-defined]
    registry = loaded(Found(Origin("acme", "simsearch-acme", "1", "acme"), lambda: module))
    assert "a plugin can't change what other plugins declare" in reasons(registry)[0]


def test_a_disabled_plugin_leaves_nothing_behind() -> None:
    heard: list[object] = []

    def simsearch_losses() -> list[Component]:
        raise SystemExit(3)

    broken = plugin(simsearch_observe=lambda event: heard.append(event), simsearch_losses=simsearch_losses)
    registry = loaded(splitters("a"), broken)
    registry.observe(Notice("hello"))
    assert (heard, len(registry.problems)) == ([], 1)
    assert registry.splitter("a")


def test_what_a_plugin_prints_while_loading_is_no_result(capsys: pytest.CaptureFixture[str]) -> None:
    def load() -> object:
        print("hello")
        return types.ModuleType("loud")

    Registry.load(only=()).add(Found(Origin("loud", "loud", "1", "loud"), load))
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "hello\n")


def test_ctrl_c_while_loading_stops() -> None:
    def load() -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loaded(Found(Origin("acme", "simsearch-acme", "1", "acme"), load))


def test_an_error_while_loading_says_where_it_was_raised() -> None:
    def load() -> object:
        raise ZeroDivisionError("division by zero")

    registry = loaded(Found(Origin("acme", "simsearch-acme", "1", "acme"), load))
    assert "ZeroDivisionError: division by zero (" in reasons(registry)[0]
    assert "test_registry.py, line " in reasons(registry)[0]


@pytest.mark.parametrize("strict", [False, True])
def test_a_slow_plugin_is_in_use_and_named(monkeypatch: pytest.MonkeyPatch, strict: bool) -> None:
    monkeypatch.setattr(broken_plugins, "SLOW_SECONDS", -1.0)
    registry = loaded(splitters("a"), strict=strict)
    assert registry.splitter("a")
    (reason,) = reasons(registry)
    assert re.search(
        r"acme 1: it takes \d+\.\d s while it is loaded; heavy imports belong inside build", reason
    )


def test_what_else_the_machine_does_makes_no_plugin_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broken_plugins, "SLOW_SECONDS", 0.05)

    def compute() -> None:
        while time.thread_time() < 0.1:
            pass

    def load() -> object:
        other = threading.Thread(target=compute)
        other.start()
        other.join()
        return splitters("a").load()

    assert loaded(Found(Origin("acme", "simsearch-acme", "1", "acme"), load)).problems == []


def test_a_plugin_that_imports_heavy_modules_is_in_use_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broken_plugins, "HEAVY_MODULES", ("heavy_module_of_a_test",))

    def load() -> object:
        monkeypatch.setitem(broken_plugins.sys.modules, "heavy_module_of_a_test", types.ModuleType("heavy"))
        return splitters("a").load()

    registry = loaded(Found(Origin("acme", "simsearch-acme", "1", "acme"), load))
    assert registry.splitter("a")
    assert "acme 1: it imports heavy_module_of_a_test while it is loaded" in reasons(registry)[0]


def test_strict_makes_the_first_problem_fatal() -> None:
    with pytest.raises(PluginError, match="simsearch-acme 1: its splitter 'random' is ignored"):
        loaded(splitters("random"), strict=True)
    with pytest.raises(PluginError, match="simsearch-acme 1 is disabled: its simsearch_splitters returned"):
        loaded(plugin(simsearch_splitters=lambda: None), strict=True)


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (
            RuntimeError("no licence"),
            "'votes' of simsearch-acme 1 can't be built: RuntimeError: no licence",
        ),
        (SystemExit(1), "can't be built: SystemExit: 1"),
        (ImportError("No module named 'x'"), "can't be built: a package that it needs is missing: No module"),
    ],
)
def test_a_build_that_raises_is_blamed_by_name(error: BaseException, problem: str) -> None:
    def build() -> Any:
        raise error

    with pytest.raises(PluginError, match=problem):
        loaded(scorer(build)).score_generator("votes")


def test_a_build_can_refuse_its_arguments_in_its_own_words() -> None:
    def build(low: float = 0.0) -> Any:
        raise InputError("'votes' needs low above 0.")

    with pytest.raises(InputError, match=r"^'votes' needs low above 0\.$"):
        loaded(scorer(build)).score_generator("votes")


def test_a_build_that_gives_nothing_callable_is_blamed() -> None:
    with pytest.raises(
        PluginError, match=r"was built as a NoneType, .*`simsearch plugins check simsearch-acme`"
    ):
        loaded(scorer(lambda: None)).score_generator("votes")


def test_a_build_without_a_signature_takes_no_arguments() -> None:
    with pytest.raises(PluginError, match="'votes' of simsearch-acme 1 can't be built"):
        loaded(scorer(type)).score_generator("votes")


def test_a_wrong_argument_is_no_fault_of_the_plugin() -> None:
    def build(low: float = 0.0) -> Any:
        raise NotImplementedError

    with pytest.raises(ComponentArgumentError, match="'votes' takes no argument 'lwo'"):
        loaded(scorer(build)).score_generator("votes:lwo=1")


def test_what_a_component_raises_at_work_gets_its_name() -> None:
    built = loaded(scorer(lambda: print)).score_generator("votes")
    with (
        pytest.raises(PluginError, match="'votes' of simsearch-acme 1 raised KeyError: 'date'"),
        built.guarded(),
    ):
        raise KeyError("date")
    with pytest.raises(InputError, match="row 3"), built.guarded():
        raise InputError("pairs.csv, row 3: no date.")


def test_an_observer_that_raises_is_reported_once_to_the_others() -> None:
    heard: list[object] = []

    class Listener:
        @hookimpl
        def simsearch_observe(self, event: object) -> None:
            heard.append(event)

    def simsearch_observe(event: object) -> None:
        raise ValueError("broken pipe")

    registry = loaded(plugin(simsearch_observe=simsearch_observe))
    registry.listen("test", Listener())
    registry.observe(Notice("one"))
    registry.observe(Notice("two"))
    texts = [event.text for event in heard if isinstance(event, Notice)]
    assert sorted(texts[:2])[0] == "one"
    assert texts[-1] == "two"
    assert len(texts) == 3
    assert [problem.disabled for problem in registry.problems] == [False]
    assert any(
        "plugin acme of simsearch-acme 1: its observer failed: ValueError: broken pipe" in text
        for text in texts
    )


def test_an_observer_may_ignore_the_event() -> None:
    rung: list[int] = []
    registry = loaded(plugin(simsearch_observe=lambda: rung.append(1)))
    registry.observe(Notice("one"))
    assert (rung, registry.problems) == ([1], [])
