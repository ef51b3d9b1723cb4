"""RTF files: every displayed word is found, whatever its characters are written as, and nothing that was deleted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simsearch_office.rtf import read_rtf

from simsearch import Document, Heading, UnreadableFile

sys.path.insert(0, str(Path(__file__).parent))
from ooxml_files import Marks

FONTS = r"{\fonttbl{\f0\fswiss Helvetica;}{\f1\fnil\fcharset204 Arial;}{\f2\froman\fcharset2 Symbol;}}"
STYLES = r"{\stylesheet{\s0 Normal;}{\s3 heading 2;}{\*\cs9 Strong;}}"


def read(body: str, head: str = "") -> Document:
    content = rf"{{\rtf1\ansi\ansicpg1252\deff0{FONTS}{STYLES}{head}{body}}}"
    [document] = read_rtf(Path("a.rtf"), content.encode("cp1252"))
    return document


PIECES = {
    "plain": "SHOWN",
    "bold": r"{\b SHOWN}",
    "inserted": r"{\revised SHOWN}",
    "deleted": r"{\deleted GONE}",
    "moved away": r"{\mvf GONE}",
    "field": r"{\field{\*\fldinst HYPERLINK GONE}{\fldrslt SHOWN}}",
    "footnote": r"{\super\chftn{\footnote\pard SHOWN\par}}",
    "endnote": r"{\footnote\ftnalt SHOWN}",
    "comment": r"{\*\atnid AB}{\*\atnauthor Ada}{\*\annotation{\*\atndate 1}SHOWN}",
    "box": r"{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv SHOWN}}{\shptxt SHOWN\par}}{\shprslt GONE}}",
    "unknown": r"{\*\unheardof GONE}",
    "picture": r"{\*\shppict{\pict 89504e47}}{\nonshppict{\pict GONE}}",
    "two alphabets": r"{\upr{GONE}{\*\ud{SHOWN}}}",
    "bookmark": r"{\*\bkmkstart GONE}",
}
BLOCKS = {
    "paragraph": r"\pard PIECES\par ",
    "heading": r"\pard\s3 PIECES\par ",
    "table": r"\trowd\cellx9\cellx99\pard\intbl PIECES\cell PIECES\par PIECES\cell\row",
    "header": r"{\header\pard PIECES\par}",
}


def fill(draw: st.DrawFn, xml: str, marks: Marks) -> str:
    while "PIECES" in xml:
        kinds = draw(st.lists(st.sampled_from(list(PIECES)), min_size=1, max_size=3))
        xml = xml.replace("PIECES", " . ".join(PIECES[kind] for kind in kinds), 1)
    while "SHOWN" in xml:
        xml = xml.replace("SHOWN", marks.show(), 1)
    while "GONE" in xml:
        xml = xml.replace("GONE", marks.delete(), 1)
    return xml


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, Marks]:
    marks = Marks()
    kinds = draw(st.lists(st.sampled_from(list(BLOCKS)), min_size=1, max_size=4))
    return "".join(fill(draw, BLOCKS[kind], marks) for kind in kinds), marks


@settings(max_examples=80)
@given(bodies())
def test_every_marked_word_is_found_once_and_deleted_ones_are_not(drawn: tuple[str, Marks]) -> None:
    body, marks = drawn
    marks.check(read(body).text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"M\'fcll", "Müll"),
        (r"{\f1 \'cf\'f0\'e8}", "При"),
        (r"\u1055 ?\u1088\'3f\uc0\u1080 x", "Приx"),
        (r"\u-10179 ?\u-8704 ?", "😀"),
        (r"{\f2 \'61\'62}", "αβ"),
        (r"1\~000\_x\-y", "1\u00a0000-xy"),
        (r"\{a\}\\", "{a}\\"),
        (r"a\emdash b", "a—b"),
        (r"a\bin3 }}}b", "ab"),
    ],
)
def test_characters(written: str, shown: str) -> None:
    assert read(rf"\pard {written}\par").text == shown


def test_headings_tables_and_properties() -> None:
    body = r"\pard\s3 Leave\par\pard\intbl a\cell b\cell\row\intbl c\cell d\cell\row\pard After\par"
    document = read(body, r"{\info{\title The book}{\author Ada}{\creatim\yr2024\mo5\dy6}}")
    assert document.text == "Leave\n\na | b\n--- | ---\nc | d\n\nAfter"
    assert document.headings == (Heading(0, 2, "Leave"),)
    assert (document.title, document.metadata) == (
        "The book",
        {"author": "Ada", "date": "2024-05-06T00:00:00"},
    )


@pytest.mark.parametrize(
    ("saved", "date"),
    [(r"{\revtim\yr2025\mo1\dy2}", "2025-01-02T00:00:00"), ("", "2024-05-06T07:08:00")],
)
def test_the_date_is_when_the_file_was_saved_or_else_made(saved: str, date: str) -> None:
    made = r"{\creatim\yr2024\mo5\dy6\hr7\min8}"
    document = read("Text", rf"{{\info{made}{saved}{{\printim\yr1999\mo12\dy31\hr23}}}}")
    assert document.metadata["date"] == date


def test_other_files_are_refused_and_empty_ones_say_so() -> None:
    with pytest.raises(UnreadableFile, match="broken RTF file"):
        list(read_rtf(Path("a.rtf"), b"text"))
    assert read("").notices == ("no text in it",)


@given(st.text(r"\{}'*uabcdefpr0123456789- ;", max_size=60))
def test_any_control_words_give_a_document(body: str) -> None:
    assert isinstance(read(body).text, str)


@pytest.mark.parametrize("head", [r"\mac\ansicpg10000", r"\mac", r"\ansi\ansicpg10000"])
def test_text_of_a_macintosh_is_decoded_as_such(head: str) -> None:
    [document] = read_rtf(Path("a.rtf"), rf"{{\rtf1{head} M\'9fhle}}".encode())
    assert document.text == "Mühle"
