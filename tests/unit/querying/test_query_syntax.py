"""Quotes, OR, and what other search tools would take for operators."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.querying.query_syntax import notes_on_syntax, parse_query, plain_words
from simsearch.storage.conditions import Or, Quotes

FIELDS = ("path", "id", "title", "author")


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("town hall", ()),
        ('"town hall"', (("town hall",),)),
        ('old "town hall" or "church"', (("town hall", "church"),)),
        ('"town hall" OR "church"', (("town hall",), ("church",))),
        ('"a" "b" OR "c"', (("a", "b"), ("c",))),
        ("“town hall” and „Rathaus“", (("town hall", "Rathaus"),)),
        ('a 5" pipe', ()),
        ('"" and " "', ()),
        ('church NOT "town hall"', ()),
        ('church -"town hall"', ()),
        ('"same" "same"', (("same",),)),
    ],
)
def test_quotes(text: str, quotes: tuple[tuple[str, ...], ...]) -> None:
    assert parse_query(text).quotes == quotes


def test_the_condition_of_quotes() -> None:
    assert parse_query("a b").condition is None
    assert parse_query('"a" "b"').condition == Quotes(("a", "b"))
    assert parse_query('"a" OR "b"').condition == Or((Quotes(("a",)), Quotes(("b",))))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("-organ church", "-organ was taken as plain words"),
        ("church -organ", "-organ was taken as plain words"),
        ('church -"town hall"', "taken as plain words"),
        ("church NOT organ", "NOT was taken as a plain word"),
        ("church AND organ", "AND was taken as a plain word"),
        ("church AND NOT organ", "AND NOT was taken as a plain word"),
        ("the *gan church", "*gan was taken as plain words"),
        ("or*an church", "or*an was taken as plain words"),
        ("author:smith church", "--where 'author:smith'"),
        ('title:"town hall" x', "--where"),
    ],
)
def test_what_is_only_words_is_named(text: str, note: str) -> None:
    assert note in " ".join(notes_on_syntax(text, FIELDS))


@pytest.mark.parametrize(
    "text",
    [
        "cats OR dogs",
        "do NOT",
        "DO NOT PANIC",
        "NOT NULL",
        "git commit -m message",
        "well-known state-of-the-art",
        "grep --invert-match",
        "http://example.com std::vector 12:30 note: this",
        "unknown:field",
        "-5 degrees",
        '"-organ" church',
        "org*",
        "**kwargs a*b *.txt select *",
    ],
)
def test_plain_questions_have_no_notes(text: str) -> None:
    assert list(notes_on_syntax(text, FIELDS)) == []


@given(st.text('"“”„-* ab:ANDORNOT\n'))
def test_any_text_is_parsed(text: str) -> None:
    for phrases in parse_query(text).quotes:
        assert all(phrase.strip() and phrase in text for phrase in phrases)
    list(notes_on_syntax(text, FIELDS))
    assert not set(plain_words(text)) & set('"“”„')
