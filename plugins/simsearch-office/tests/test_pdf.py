"""PDF files: everything on a page and on top of it is found, in reading order, with divided words put together."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simsearch_office.pdf import read_pdf
from simsearch_office.pdf.columns import Line, ordered

from simsearch import Document, Heading, UnreadableFile

sys.path.insert(0, str(Path(__file__).parent))
from pdf_files import Page, pdf

WORDS = [
    "the",
    "harbour",
    "keeper",
    "counted",
    "every",
    "boat",
    "before",
    "the",
    "storm",
    "came",
    "over",
    "the",
    "hills",
    "and",
    "nobody",
    "slept",
    "that",
    "night",
]


def read(content: bytes) -> list[Document]:
    return list(read_pdf(Path("a.pdf"), content))


def text_of(page: Page) -> str:
    return read(pdf([page]))[0].text


@st.composite
def pages(draw: st.DrawFn) -> tuple[Page, list[str]]:
    page, shown = Page(), []

    def show() -> str:
        shown.append(f"shown{len(shown)}x")
        return shown[-1]

    page.write(show(), 72, 0)
    for line, place in enumerate(draw(st.lists(st.sampled_from(PLACES), max_size=8)), 1):
        if place == "line":
            page.write(f"{show()} and {show()}", draw(st.integers(20, 300)), line)
        elif place == "form":
            page.field(f"name{line}", show(), draw(st.sampled_from(["Tx", "Ch"])))
        else:
            page.remark(show(), place, draw(st.sampled_from(["", "Ada"])))
    return page, shown


PLACES = ["line", "form", "Text", "FreeText", "Highlight", "Stamp", "Square"]


@settings(max_examples=60)
@given(pages())
def test_every_marked_word_is_found_once(drawn: tuple[Page, list[str]]) -> None:
    page, shown = drawn
    text = text_of(page)
    assert [word for word in shown if text.count(word) != 1] == []


def test_remarks_name_their_author() -> None:
    page = Page()
    page.write("Plan", 72, 0)
    page.remark("Deeper", author="Ada")
    page.remark("Box", "FreeText", author="Ada")
    assert text_of(page) == "Plan\n\n[Ada: Deeper]\n\nBox"


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("precipi-", "tation", "precipitation"),
        ("meas-", "ures", "measures"),
        ("well-", "known", "well-known"),
        ("long-", "term", "long-term"),
        ("any-", "thing", "anything"),
        ("quokka-", "like", "quokkalike"),
        ("Anglo-", "Saxon", "Anglo-Saxon"),
        ("COVID-", "19", "COVID-19"),
    ],
)
def test_divided_words_are_put_together(first: str, second: str, whole: str) -> None:
    page = Page()
    page.write(f"They spoke of {first}", 72, 0)
    page.write(f"{second} in the evening", 72, 1)
    assert whole in text_of(page)


def test_a_word_divided_between_pages_is_on_the_first() -> None:
    pages = [Page(), Page(), Page()]
    pages[0].write("They measured precipi-", 72, 0)
    pages[1].write("tation, and a well-", 72, 0)
    pages[2].write("known river", 72, 0)
    texts = [document.text.strip() for document in read(pdf(pages))]
    assert texts == ["They measured precipitation", ", and a well-known", "river"]


def test_a_hyphen_at_the_end_of_a_page_stays_before_a_new_sentence() -> None:
    pages = [Page(), Page()]
    pages[0].write("to be continued-", 72, 0)
    pages[1].write("Chapter two", 72, 0)
    first, second = (document.text for document in read(pdf(pages)))
    assert "continued" in first and second.strip() == "Chapter two"


def test_how_the_file_writes_a_word_elsewhere_decides() -> None:
    page = Page()
    page.write("A quokka-like animal. They saw a quokka-", 72, 0)
    page.write("like animal, and a wombatlike one, a wombat-", 72, 1)
    page.write("like one.", 72, 2)
    text = text_of(page)
    assert text.count("quokka-like") == 2 and text.count("wombatlike") == 2


def columns(order: str) -> Page:
    """Two columns of eight lines below a title, drawn column by column or line by line."""
    page = Page()
    page.write(
        "A title that reaches across both of the columns and is rather long, as some titles are",
        72,
        0,
    )
    lines = [(side, line) for side in (0, 1) for line in range(8)]
    for side, line in lines if order == "columns" else sorted(lines, key=lambda place: place[1]):
        words = " ".join(WORDS[(line * 7 + i + side * 3) % len(WORDS)] for i in range(6))
        page.write(f"{'LR'[side]}{line} {words}", 72 + 250 * side, line + 2)
    return page


def test_columns_of_three_lines_are_columns() -> None:
    page = Page()
    for line in range(3):
        page.write(f"left{line} and three more words", 72, line)
        page.write(f"right{line} and three more words", 322, line)
    text = text_of(page)
    assert text.index("left2") < text.index("right0")


@pytest.mark.parametrize("order", ["columns", "lines"])
def test_columns_are_read_one_after_the_other(order: str) -> None:
    text = text_of(columns(order))
    marks = [word for word in text.split() if word[0] in "LR" and word[1:].isdigit()]
    assert marks == [f"{side}{line}" for side in "LR" for line in range(8)]
    assert text.startswith("A title")


COORDINATES = st.integers(0, 600)


@given(st.lists(st.tuples(COORDINATES, COORDINATES, st.integers(0, 400), st.integers(1, 8)), max_size=30))
def test_no_arrangement_of_lines_loses_a_word(places: list[tuple[int, int, int, int]]) -> None:
    lines = [
        Line(left, bottom, left + width, bottom + 10, " ".join(f"w{n}x{i}" for i in range(words)))
        for n, (left, bottom, width, words) in enumerate(places)
    ]
    text = ordered(lines)
    assert not text or sorted(text.split()) == sorted(word for line in lines for word in line.text.split())


def test_rows_of_a_table_stay_together() -> None:
    page = Page()
    for line in range(8):
        page.write(f"item {line}", 72, line)
        page.write(f"{line}.50", 300, line)
    assert "item 3 3.50" in text_of(page).replace("\n", " ")


def test_pages_without_text_are_counted_by_what_they_are() -> None:
    text, picture, empty = Page(), Page(), Page()
    text.write("One", 72, 0)
    picture.picture()
    [document] = read(pdf([text, picture, empty, picture]))
    assert document.notices == ("1 of 4 pages has no text: page 3", "2 of 4 pages are images: pages 2, 4")
    with pytest.raises(UnreadableFile, match="its pages are images"):
        read(pdf([picture]))


def test_a_scan_with_a_stamp_is_an_image_still() -> None:
    page = Page()
    page.picture()
    page.write("RECEIVED", 72, 0)
    [document] = read(pdf([page]))
    assert (document.text, document.notices) == ("RECEIVED", ("1 of 1 page is an image: page 1",))


def test_bookmarks_are_headings_of_all_pages_of_their_section() -> None:
    pages = [Page(), Page(), Page()]
    for page, words in zip(pages, ("Preface", "Goes on. Chapter One", "Text"), strict=True):
        page.write(words, 72, 0)
    first, second, third = read(pdf(pages, [("Preface", 1), ("Chapter One", 2)]))
    assert first.headings == (Heading(0, 1, "Preface"),)
    assert second.headings == (Heading(0, 1, "Preface"), Heading(9, 1, "Chapter One"))
    assert third.headings == (Heading(0, 1, "Chapter One"),)


def test_a_broken_page_costs_no_other_page() -> None:
    first, second = Page(), Page()
    first.write("One", 72, 0)
    second.write("Two", 72, 0)
    whole = pdf([first, second])
    [document] = read(whole.replace(b"/Kids [5 0 R 7 0 R]", b"/Kids [5 0 R 3 0 R]"))
    assert (document.text, document.notices) == ("One", ("1 of 2 pages has no text: page 2",))
