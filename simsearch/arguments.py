"""Words into typed values: `random:mean=0.9,scaling=20` and `SIMSEARCH_TUNE_EPOCHS=2`."""

from __future__ import annotations

import difflib
import functools
import inspect
import math
import shlex
import sys
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simsearch.errors import ComponentArgumentError

_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def convert(value: Any, annotation: Any) -> Any:
    """Bring a value to an annotated type: bool, int, float, str, tuple[T, ...], or a union of these.

    Args:
        value: Text from the command line or environment, or a value from a TOML file.
        annotation: The type; Any and anything unknown leave the value as it is.

    Raises:
        ValueError: The value can't be read as that type; its text names the type.
    """
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return _convert_union(value, typing.get_args(annotation))
    if typing.get_origin(annotation) is typing.Literal:
        choices = typing.get_args(annotation)
        if value not in choices:
            raise ValueError(f"is none of {', '.join(map(str, choices))}")
        return value
    if typing.get_origin(annotation) is tuple:
        return tuple(convert(item, typing.get_args(annotation)[0]) for item in _items(value))
    if annotation is bool:
        return _to_bool(value)
    if annotation in (int, float):
        return _to_number(value, annotation)
    if annotation is str and not isinstance(value, str):
        raise ValueError("is not text")
    return value


def split_component(text: str) -> tuple[str, dict[str, str]]:
    """Take `name:key=value,key=value` apart; a value with a comma in it stands in double quotes.

    Raises:
        ComponentArgumentError: An argument has no `=`, or a quote is left open.
    """
    name, _, rest = text.partition(":")
    words = shlex.shlex(rest, posix=True)
    words.whitespace, words.whitespace_split, words.commenters, words.escape = ",", True, "", ""
    words.quotes = '"'
    try:
        items = list(words)
    except ValueError as error:
        raise ComponentArgumentError(f"In '{text}' a quote is opened and not closed.") from error
    arguments = {}
    for item in items:
        word, equals, value = item.partition("=")
        key = word.strip().replace("-", "_")
        if not equals:
            raise ComponentArgumentError(f"In '{text}', '{item}' is no argument: write it as key=value.")
        if key in arguments:
            raise ComponentArgumentError(f"In '{text}', '{key}' is given twice.")
        arguments[key] = value.strip()
    return name.strip(), arguments


def bind(name: str, build: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Check and convert arguments against the signature of `build`.

    Raises:
        ComponentArgumentError: An argument is unknown, missing, or of the wrong type; names those there are.
    """
    known = parameters(build)
    for key in arguments:
        if key not in known:
            raise ComponentArgumentError(
                f"'{name}' takes no argument '{key}'{suggestion(key, known)}; it takes: "
                f"{', '.join(known) or 'none'}."
            )
    missing = [key for key, p in known.items() if p.default is p.empty and key not in arguments]
    if missing:
        raise ComponentArgumentError(f"'{name}' needs {missing[0]}=…, as in '{name}:{missing[0]}=VALUE'.")
    bound = {}
    for key, value in arguments.items():
        try:
            bound[key] = convert(value, known[key].annotation)
        except ValueError as error:
            raise ComponentArgumentError(f"'{name}': {key}={value} {error}.") from error
    return bound


def parameters(build: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The arguments that `build` takes by name, in order, annotations evaluated.

    One that can't be evaluated (a name imported for type checkers only) stays text, which `convert` leaves
    alone; the others don't suffer for it.
    """
    names = _namespace(build)
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {
        key: parameter.replace(annotation=_evaluated(parameter.annotation, names))
        for key, parameter in inspect.signature(build).parameters.items()
        if parameter.kind in by_name
    }


def suggestion(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def _namespace(build: Callable[..., Any]) -> Mapping[str, Any]:
    """The names that the annotations of a function, method, class or partial refer to."""
    function = inspect.unwrap(build.func if isinstance(build, functools.partial) else build)
    module = sys.modules.get(getattr(function, "__module__", None) or type(function).__module__)
    return getattr(function, "__globals__", None) or vars(module or types)


def _evaluated(annotation: Any, names: Mapping[str, Any]) -> Any:
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, dict(names))
    except Exception:
        return annotation


def _items(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    if not isinstance(value, list | tuple):
        raise ValueError("is not a list")
    return list(value)


def _convert_union(value: Any, members: tuple[Any, ...]) -> Any:
    if value is None and type(None) in members:
        return None
    # str takes anything, so it is asked last
    ordered = sorted((m for m in members if m is not type(None)), key=lambda member: member is str)
    problems = []
    for member in ordered:
        try:
            return convert(value, member)
        except ValueError as error:
            problems.append(str(error))
    raise ValueError(problems[-1])


def _to_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() not in _WORDS:
        raise ValueError("is neither true nor false")
    return _WORDS[str(value).lower()]


def _to_number(value: Any, kind: type) -> Any:
    problem = "is not a whole number" if kind is int else "is not a number"
    if isinstance(value, bool) or (kind is int and isinstance(value, float)):
        raise ValueError(problem)
    try:
        number = kind(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(problem) from None
    if not math.isfinite(number):
        raise ValueError("is not a finite number")
    return number
