"""Conversion of text to typed values, such as the `2` of SIMSEARCH_TUNE_EPOCHS=2 to an int."""

from __future__ import annotations

import math
import types
import typing
from typing import Any

_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def convert(value: Any, annotation: Any) -> Any:
    """Convert a value to an annotated type: bool, int, float, str, tuple[T, ...], or a union of these.

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
            raise ValueError(f"is not one of {', '.join(map(str, choices))}")
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


def _items(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    if not isinstance(value, list | tuple):
        raise ValueError("is not a list")
    return list(value)


def _convert_union(value: Any, members: tuple[Any, ...]) -> Any:
    if value is None and type(None) in members:
        return None
    # str accepts anything, so it is tried last
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
