"""What a plugin declares, checked before it is used."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Iterator
from typing import Any

import pluggy

from simsearch import hooks
from simsearch.components import Component, DataKind
from simsearch.errors import PluginError
from simsearch.wording import suggestion

OBSERVE = "simsearch_observe"
HOOKS = tuple(name for name in vars(hooks) if name.startswith(hooks.PREFIX))
KINDS = tuple(name.removeprefix(hooks.PREFIX) for name in HOOKS if name != OBSERVE)
KINDS_BY_ENDING = ("readers", "pair_readers")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def declared_components(manager: pluggy.PluginManager, plugin: object) -> Iterator[tuple[str, Component]]:
    """The components of a registered plugin, each with its kind (the hook without `simsearch_`).

    Raises:
        PluginError: The plugin implements no hook, an unknown hook, or returns something other than components.
    """
    _refuse_unmarked(plugin)
    callers = manager.get_hookcallers(plugin) or []
    if not callers:
        raise PluginError("it implements no hook; mark its functions with @simsearch.hookimpl")
    for caller in callers:
        (answer,) = (one for one in caller.get_hookimpls() if one.plugin is plugin)
        if answer.hookwrapper or answer.wrapper:
            raise PluginError(
                f"its {caller.name} is a wrapper; a plugin can't change what other plugins declare"
            )
        if caller.name in HOOKS:
            if caller.name != OBSERVE:
                kind = caller.name.removeprefix(hooks.PREFIX)
                yield from ((kind, component) for component in _components(kind, answer.function()))
        elif not answer.optionalhook:
            near = suggestion(caller.name, HOOKS)
            raise PluginError(
                f"it implements the hook {caller.name}, which this simsearch doesn't have{near}"
            )


def deprecations(manager: pluggy.PluginManager, plugin: object) -> Iterator[str]:
    """What a plugin written for an older simsearch should change: one reason for each deprecated hook."""
    for caller in manager.get_hookcallers(plugin) or []:
        deprecation = hooks.deprecation(caller.name)
        if deprecation:
            yield (
                f"its {caller.name} is deprecated since simsearch {deprecation.since}; "
                f"it should {deprecation.change}"
            )


def _refuse_unmarked(plugin: object) -> None:
    for name in HOOKS:
        function = getattr(plugin, name, None)
        if callable(function) and not hasattr(function, f"{hooks.PROJECT}_impl"):
            raise PluginError(f"its {name} isn't marked with @simsearch.hookimpl")


def _components(kind: str, answer: Any) -> Iterator[Component]:
    hook = hooks.PREFIX + kind
    if not isinstance(answer, Iterable) or isinstance(answer, str):
        raise PluginError(f"its {hook} returned {type(answer).__name__}, not a list of Component")
    for component in answer:
        if not isinstance(component, Component):
            raise PluginError(f"its {hook} returned a {type(component).__name__} instead of a Component")
        problem = _problem(kind, component)
        if problem:
            raise PluginError(f"the component '{component.name}' of its {hook} {problem}")
        yield component


def _problem(kind: str, component: Component) -> str | None:
    """What is wrong with a component, as the end of a sentence."""
    if not isinstance(component.name, str) or not _NAME.fullmatch(component.name):
        return "has an invalid name; use lower case letters, digits and hyphens"
    if not isinstance(component.summary, str):
        return "has a summary that is not a string"
    if not callable(component.build):
        return "has a build that can't be called"
    if not isinstance(component.accepts, tuple) or not all(isinstance(a, str) for a in component.accepts):
        return "has accepts that is not a tuple of strings; a single one is written ('.md',)"
    return _problem_of_accepts(kind, component.accepts)


def _problem_of_accepts(kind: str, accepts: tuple[str, ...]) -> str | None:
    if kind == "losses":
        known = typing.get_args(DataKind)
        if not accepts or not set(accepts) <= set(known):
            return f"should accept some of {', '.join(known)}"
    elif kind in KINDS_BY_ENDING:
        wrong = [ending for ending in accepts if not _is_ending(kind, ending)]
        if not accepts or wrong:
            return "should accept file name endings in lower case, such as '.md'"
    elif kind == "score_generators":
        if not set(accepts) <= {"negatives"}:
            return "should accept negatives, or nothing"
    elif accepts:
        return "has accepts, which its hook doesn't use"
    return None


def _is_ending(kind: str, ending: str) -> bool:
    """Whether a reader may accept it: an ending, any file, or (for pairs) a folder that holds a file of that name."""
    folder = kind == "pair_readers" and ending.startswith("/")
    return folder or ending in ("*", f".{ending[1:].lower()}")
