"""Front matter: what YAML rejects keeps what can be read, and says what could not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.builtin.test_readers import read

BODY = "\nThe note itself.\n"


def fields(text: str) -> dict[str, object]:
    return dict(read("markdown", f"---\n{text}\n---{BODY}")[0].metadata)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: Site: a study\nstatus: open", {"title": "Site: a study", "status": "open"}),
        ("author: @office\nrating: 4", {"author": "@office", "rating": 4}),
        ("status: open\ntags:\n\t- a\n\t- b", {"status": "open", "tags": ["a", "b"]}),
        ('title: "unclosed\nstatus: open', {"title": "unclosed", "status": "open"}),
        ("title: `code`\nlist:\n  - @a\n  - b", {"title": "`code`", "list": ["@a", "b"]}),
        ("date: 2024-13-45\nstatus: open", {"date": "2024-13-45", "status": "open"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": "*x"}),
    ],
)
def test_what_yaml_rejects_keeps_its_fields(text: str, expected: dict[str, object]) -> None:
    [document] = read("markdown", f"---\n{text}\n---{BODY}")
    assert document.metadata == expected
    assert all(notice.startswith("front matter is not valid YAML: ") for notice in document.notices)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tags: red, green", ["red", "green"]),
        ("tags: '#red #green'", ["red", "green"]),
        ("tags: #red #green", ["red", "green"]),
        ("tags: red", "red"),
        ("tags: [red, green]", ["red", "green"]),
        ("tags: [[Home]]", "[[Home]]"),
        ("tags:\n  - [[A]]\n  - '[[B]]'", ["[[A]]", "[[B]]"]),
    ],
)
def test_tags_and_links_are_as_note_taking_programs_read_them(text: str, expected: object) -> None:
    assert fields(text) == {"tags": expected}


def test_front_matter_that_cannot_be_read_is_said() -> None:
    [document] = read("markdown", f"---\n{{status: open, tags: [lamps\n---{BODY}")
    assert document.metadata == {}
    assert "1 of its lines not read" in document.notices[0]
    assert read("markdown", f"---\n\nSome words, and a rule\n\n---{BODY}")[0].notices == ()


KEYS = st.text("abcdefgh", min_size=1, max_size=8)
VALUES = st.text(st.characters(categories=["L", "N", "P", "S"], max_codepoint=0x2FF), min_size=1, max_size=20)


@given(
    st.dictionaries(KEYS, VALUES, min_size=1, max_size=6),
    st.sampled_from(["title: a: b", "by: @me", "x: `y`"]),
)
def test_every_field_of_broken_front_matter_is_kept(values: dict[str, str], broken: str) -> None:
    lines = [f"{key}: mark{value}" for key, value in values.items() if "#" not in value]
    found = fields("\n".join([*lines, broken]))
    assert all(found[key] == f"mark{value}" for key, value in values.items() if "#" not in value)
