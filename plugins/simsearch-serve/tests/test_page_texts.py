"""Texts and addresses of the page: whatever they contain, they are shown as they are and found again."""

import html
import re
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st
from simsearch_serve.pages.facets import count_folders
from simsearch_serve.pages.lines import LONGEST_LINE, MOST_LINES, read_window
from simsearch_serve.pages.links import Search, can_be_filter
from simsearch_serve.pages.rendering import clip, marked, visible
from starlette.datastructures import QueryParams

from simsearch.querying.where_filter import parse_filter
from simsearch.storage.conditions import comparisons

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
WORDS = TEXTS.map(str.strip)
HIDDEN = re.compile(r'<span class="hidden-character"[^>]*>U\+([0-9A-F]{4})</span>')


def plain(markup: object) -> str:
    """The text that HTML stands for, with hidden characters again."""
    without = re.sub("</?mark>", "", str(markup))
    pieces = HIDDEN.split(without)
    return "".join(chr(int(p, 16)) if i % 2 else html.unescape(p) for i, p in enumerate(pieces))


@given(TEXTS)
def test_a_text_is_shown_as_it_is(text: str) -> None:
    assert plain(visible(text)) == html.unescape(html.escape(text))


@given(st.lists(TEXTS.filter(bool), min_size=1, max_size=5))
def test_marks_change_no_text(parts: list[str]) -> None:
    text, spans, at = "".join(parts), [], 0
    for number, part in enumerate(parts):
        if number % 2:
            spans.append((at, at + len(part)))
        at += len(part)
    shown = marked(text, spans)
    assert plain(shown) == text and shown.count("<mark>") == len(spans)


@given(st.text("ab \n", max_size=300), st.integers(0, 299), st.integers(10, 80))
def test_a_clipped_text_keeps_its_first_mark(text: str, at: int, most: int) -> None:
    spans = [(at, at + 1)] if at < len(text) else []
    shown, kept = clip(text, spans, most, before=5)
    assert len(shown) <= max(most, 0) + 4
    assert all(0 <= start < end <= len(shown) for start, end in kept if shown[start:end].strip())


@given(st.text("ab\n\r<é", max_size=200), st.integers(0, 200), st.integers(1, 50), st.integers(-3, 60))
def test_lines_are_those_of_the_text(text: str, start: int, length: int, first: int) -> None:
    hit = (start, start + length)
    window = read_window(text, hit, [], [], first)
    lines = text.split("\n")[:-1] if text.endswith("\n") else text.split("\n")
    assert window.count == max(1, len(lines))
    for line in window.lines:
        own = lines[line.number - 1] if lines else ""
        assert plain(line.text) == own.rstrip("\r")


def test_long_texts_are_cut_around_the_hit() -> None:
    text = "x\n" * 5000
    window = read_window(text, (6000, 6001), [], [])
    assert len(window.lines) == MOST_LINES and (window.before, window.after) == (2541, 3341)
    assert [line.number for line in window.lines if line.kind == "hit"] == [3001]
    (line,) = read_window("y" * 50_000 + "hit" + "z" * 50_000, (50_000, 50_003), [], [(50_000, 50_003)]).lines
    assert "<mark>hit</mark>" in line.text and line.left_out == 100_003 - LONGEST_LINE


SEARCHES = st.builds(
    Search,
    text=WORDS,
    mode=st.sampled_from([None, "hybrid", "dense", "lexical"]),
    chosen=st.lists(st.tuples(WORDS, WORDS).map(":".join), max_size=3).map(tuple),
    where=WORDS,
    k=st.none() | st.integers(1, 100),
    explain=st.booleans(),
)


@given(SEARCHES)
def test_an_address_holds_the_whole_search(search: Search) -> None:
    assert Search.read(QueryParams(urlsplit(search.link()).query)) == search


@given(
    st.lists(
        TEXTS.filter(lambda text: text.strip() and ":" not in text and can_be_filter([text])), min_size=1
    )
)
def test_chosen_values_are_filters(values: list[str]) -> None:
    (written,) = Search(chosen=tuple(f"a field:{value}" for value in values)).filters
    found = [(one.field, one.value) for one in comparisons(parse_filter(written))]
    assert sorted(found) == sorted(("a field", value.replace("\0", " ")) for value in values)


def test_folders_are_the_first_that_tell_files_apart() -> None:
    assert count_folders(["docs/a/1.md", "docs/a/b/2.md", "docs/c/3.md"]) == [("docs/a", 2), ("docs/c", 1)]
    assert count_folders(["x/1.md", "y/2.md", "top.md"]) == [("x", 1), ("y", 1)]
    assert count_folders(["1.md", "2.md"]) == count_folders(["a/1.md", "a/2.md"]) == []
