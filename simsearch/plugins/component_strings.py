"""Component strings: parses `random:mean=0.9,scaling=20` into a name and arguments that fit the signature of
`build`."""

from __future__ import annotations

import functools
import inspect
import shlex
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

from simsearch.conversion import convert
from simsearch.errors import ComponentArgumentError
from simsearch.wording import suggestion


def split_component(text: str) -> tuple[str, dict[str, str]]:
    """Split `name:key=value,key=value`. A value that contains a comma is written in double quotes.

    Raises:
        ComponentArgumentError: An argument has no `=`, or a quotation mark is not closed.
    """
    name, _, rest = text.partition(":")
    words = shlex.shlex(rest, posix=True)
    words.whitespace, words.whitespace_split, words.commenters, words.escape = ",", True, "", ""
    words.quotes = '"'
    try:
        items = list(words)
    except ValueError as error:
        raise ComponentArgumentError(f"In '{text}', a quotation mark is not closed.") from error
    arguments = {}
    for item in items:
        word, equals, value = item.partition("=")
        key = word.strip().replace("-", "_")
        if not equals:
            raise ComponentArgumentError(f"In '{text}', '{item}' is not an argument; write it as key=value.")
        if key in arguments:
            raise ComponentArgumentError(f"In '{text}', '{key}' is given twice.")
        arguments[key] = value.strip()
    return name.strip(), arguments


def bind(name: str, build: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Check and convert arguments against the signature of `build`.

    Raises:
        ComponentArgumentError: An argument is unknown, missing, or of the wrong type.
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
    """The arguments that `build` takes by name, in order, with evaluated annotations.

    An annotation that can't be evaluated (a name imported for type checkers only) stays text, which `convert` ignores.
    """
    names = _namespace(build)
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {
        key: parameter.replace(annotation=_evaluate(parameter.annotation, names))
        for key, parameter in inspect.signature(build).parameters.items()
        if parameter.kind in by_name
    }


def _namespace(build: Callable[..., Any]) -> Mapping[str, Any]:
    """The names that annotations of a function, method, class or partial can use."""
    function = inspect.unwrap(build.func if isinstance(build, functools.partial) else build)
    module = sys.modules.get(getattr(function, "__module__", None) or type(function).__module__)
    return getattr(function, "__globals__", None) or vars(module or types)


def _evaluate(annotation: Any, names: Mapping[str, Any]) -> Any:
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, dict(names))
    except Exception:
        return annotation
