"""Words into typed values, and component strings taken apart."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.conversion import convert
from simsearch.errors import ComponentArgumentError
from simsearch.plugins.component_strings import bind, parameters, split_component
from simsearch.wording import suggestion

if TYPE_CHECKING:
    from decimal import Decimal

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
VALUES = st.text(st.characters(exclude_characters='"', exclude_categories=("Cs",)), max_size=12)


@given(NAMES, st.dictionaries(NAMES, VALUES, max_size=5))
def test_quoted_arguments_come_back_as_they_went_in(name: str, arguments: dict[str, str]) -> None:
    text = ",".join(f'{key}="{value}"' for key, value in arguments.items())
    expected = {key: value.strip() for key, value in arguments.items()}
    assert split_component(f"{name}:{text}") == (name, expected)


@given(st.text(max_size=40))
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    try:
        name, arguments = split_component(text)
    except ComponentArgumentError as error:
        assert text in str(error)
    else:
        assert text.startswith(name) or text.strip().startswith(name)
        assert all(isinstance(value, str) for value in arguments.values())


def test_a_component_string_may_hold_another() -> None:
    assert split_component('matryoshka:loss="cosent:scale=5,x=1",dims=384/128') == (
        "matryoshka",
        {"loss": "cosent:scale=5,x=1", "dims": "384/128"},
    )


def test_hyphens_in_keys_and_backslashes_in_values_are_kept_apart() -> None:
    assert split_component(r"teacher:batch-size=8,model=C:\models\big") == (
        "teacher",
        {"batch_size": "8", "model": r"C:\models\big"},
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("random:mean", "'mean' is not an argument; write it as key=value"),
        ('random:mean="0.9', "a quotation mark is not closed"),
        ("random:mean=1,mean=2", "'mean' is given twice"),
        ("random:batch-size=1,batch_size=2", "'batch_size' is given twice"),
    ],
)
def test_what_is_wrong_with_a_component_string_is_said(text: str, problem: str) -> None:
    with pytest.raises(ComponentArgumentError, match=problem):
        split_component(text)


@pytest.mark.parametrize(
    ("value", "annotation", "expected"),
    [
        ("5", int, 5),
        ("0.5", float, 0.5),
        (5, float, 5.0),
        ("5", float | None, 5.0),
        (None, int | None, None),
        ("5", str, "5"),
        ("5", int | str, 5),
        ("five", int | str, "five"),
        ("yes", bool, True),
        ("False", bool, False),
        (True, bool, True),
        ("a, b,", tuple[str, ...], ("a", "b")),
        (["a", "b"], tuple[str, ...], ("a", "b")),
        ("1,2", tuple[int, ...], (1, 2)),
        ([], tuple[str, ...] | None, ()),
        ("auto", Literal["auto", "never"], "auto"),
        ("anything", Any, "anything"),
        ("as it is", "NotKnownHere", "as it is"),
    ],
)
def test_values_are_brought_to_their_type(value: Any, annotation: Any, expected: Any) -> None:
    converted = convert(value, annotation)
    assert converted == expected
    assert type(converted) is type(expected)


@pytest.mark.parametrize(
    ("value", "annotation", "problem"),
    [
        ("0.5", int, "is not a whole number"),
        (5.0, int, "is not a whole number"),
        (True, int, "is not a whole number"),
        ("a", float, "is not a number"),
        ([1], float, "is not a number"),
        ("nan", float, "is not a finite number"),
        ("inf", float, "is not a finite number"),
        (10**400, float, "is not a number"),
        ("maybe", bool, "is neither true nor false"),
        (5, str, "is not text"),
        (5, tuple[str, ...] | None, "is not a list"),
        ({"a": 1}, tuple[str, ...], "is not a list"),
        (["a", 5], tuple[str, ...], "is not text"),
        ("always", Literal["auto", "never"], "is not one of auto, never"),
        ("", int | None, "is not a whole number"),
    ],
)
def test_values_of_another_type_are_refused(value: Any, annotation: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        convert(value, annotation)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers())
def test_numbers_survive_being_written(number: float, whole: int) -> None:
    assert math.isclose(convert(repr(number), float), number)
    assert convert(str(whole), int) == whole


def build(count: int, share: float = 0.5, name: str = "x") -> Decimal:
    raise NotImplementedError


class Build:
    def __init__(self, count: int) -> None:
        self.count = count

    def method(self, count: int) -> Decimal:
        raise NotImplementedError


@functools.wraps(build)
def wrapped(*arguments: Any, **named: Any) -> Any:
    return build(*arguments, **named)


@pytest.mark.parametrize("of", [build, Build, Build(1).method, wrapped, functools.partial(build, name="y")])
def test_arguments_are_converted_whatever_kind_of_callable_builds(of: Any) -> None:
    # `Decimal` is there for type checkers only; such a name used to leave every argument text.
    assert bind("it", of, {"count": "3"}) == {"count": 3}
    assert parameters(of)["count"].annotation is int


def test_an_argument_without_annotation_stays_text() -> None:
    assert bind("it", lambda count=1: count, {"count": "3"}) == {"count": "3"}


def test_an_annotation_that_cant_be_evaluated_leaves_its_value_as_text() -> None:
    def late(amount: Decimal, count: int) -> None:
        raise NotImplementedError

    assert bind("it", late, {"amount": "5", "count": "5"}) == {"amount": "5", "count": 5}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "'it' needs count=…, as in 'it:count=VALUE'"),
        ({"count": "x"}, "'it': count=x is not a whole number"),
        (
            {"count": "1", "shares": "1"},
            r"no argument 'shares' \(did you mean 'share'\?\); it takes: count, share, name",
        ),
    ],
)
def test_arguments_that_dont_fit_are_named(arguments: dict[str, str], problem: str) -> None:
    with pytest.raises(ComponentArgumentError, match=problem):
        bind("it", build, arguments)


def test_catch_all_parameters_take_nothing() -> None:
    def build(*rest: int, **more: int) -> None:
        raise NotImplementedError

    assert bind("it", build, {}) == {}
    with pytest.raises(ComponentArgumentError, match="takes no argument 'more'; it takes: none"):
        bind("it", build, {"more": "1"})


def test_a_suggestion_is_near_or_absent() -> None:
    assert suggestion("gruoped", ["random", "grouped"]) == " (did you mean 'grouped'?)"
    assert suggestion("zzz", ["random", "grouped"]) == ""
