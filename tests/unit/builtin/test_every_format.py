"""A word in every place that a format has for text is found."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch import Document
from tests.support.file_samples import book
from tests.unit.builtin.test_readers import read

PLACES = {
    "org": "#+TITLE: @\n#+FILETAGS: :@:\n* TODO [#A] @ :@:\n:PROPERTIES:\n:CUSTOM: @\n:END:\n@\n"
    "#+begin_src python\n@\n#+end_src\n[[https://example.org][@]] [fn:1]\n\n[fn:1] @\n| @ | @ |\n",
    "asciidoc": "= @\n:summary: @\n\n== @\n\n@ footnote:[@]\n\n|===\n|@ |@\n|===\n\n.@\n----\n@\n----\n\n* @\n"
    "\n@:: @\n",
    "latex": "\\title{@}\n\\begin{document}\n\\section[short]{@}\n@ \\emph{@}\\footnote{@} \\href{https://example.org}{@}\n"
    "\\begin{tabular}{ll}\n@ & @ \\\\\n\\end{tabular}\n\\caption{@}\n\\begin{itemize}\n\\item[@] @\n\\end{itemize}\n"
    "\\begin{verbatim}\n@\n\\end{verbatim}\n\\end{document}\n",
    "bibtex": '@article{key,\n title = {The {@}},\n author = "@, Ada",\n abstract = {@},\n note = {@}\n}\n',
    "subtitles.srt": "1\n00:00:01,000 --> 00:00:02,000\n<i>@</i>\n@\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}@\n",
    "subtitles.vtt": "WEBVTT\n\nid\n00:01.000 --> 00:02.000 align:start\n<v @>@</v>\n- @\n",
    "properties": "# @\n@.key = @ \\\n   @\nother:@\n",
    "calendar": "BEGIN:VCALENDAR\nX-WR-CALNAME:@\nBEGIN:VEVENT\nSUMMARY;LANGUAGE=de:@\nDESCRIPTION:@\\n@\nLOCATION:@\n"
    'ATTENDEE;CN="@":mailto:a@b\nCATEGORIES:@\nCOMMENT:@\nEND:VEVENT\nBEGIN:VTODO\nSUMMARY:@\nEND:VTODO\n'
    "BEGIN:VJOURNAL\nDESCRIPTION:@\nEND:VJOURNAL\nEND:VCALENDAR\n",
    "contacts": "BEGIN:VCARD\nVERSION:4.0\nFN:@\nNICKNAME:@\nORG:@;@\nTITLE:@\nADR:;;@;@;;1;@\nNOTE:@\nEND:VCARD\n",
    "web-archive": "From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=q\n\n--q\n"
    "Content-Type: text/html\n\n<title>@</title><p>@</p><table><tr><td>@</td></tr></table>\n--q--\n",
    "xml": "<rss><channel><title>@</title><item><title>@</title><description>&lt;p&gt;@&lt;/p&gt;</description>"
    "<note label='@ and more'>@ <b>@</b> @</note></item></channel></rss>",
    "notebook": json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "source": ["# @\n", "@"]},
                {"cell_type": "code", "source": "x = '@'  # @"},
                {"cell_type": "raw", "source": "@"},
            ]
        }
    ),
}
WORD = st.text("bdfgklmnprtvz", min_size=8, max_size=12).map(
    lambda letters: "ou".join(re.findall("..?", letters))
)


def said(documents: list[Document]) -> str:
    return "\n".join(
        "\n".join([document.title, document.text, *(heading.text for heading in document.headings)])
        for document in documents
    )


def missing(words: list[str], documents: list[Document]) -> list[str]:
    found = set(re.findall(r"\w+", said(documents)))
    return [word for word in words if word not in found]


def fill(places: str, words: list[str]) -> str:
    """The places, each `@` that stands by itself replaced by a word."""
    rest = iter(words)
    return re.sub(r"(?<![a-z])@(?![a-z])", lambda found: next(rest), places)


@pytest.mark.parametrize("format", PLACES)
@settings(max_examples=5, deadline=None)
@given(st.lists(WORD, min_size=20, max_size=20, unique=True))
def test_every_marked_word_is_found(format: str, words: list[str]) -> None:
    content = fill(PLACES[format], words)
    marked = [word for word in words if word in content]
    assert len(marked) >= 3
    assert missing(marked, read(format, content)) == []


@settings(max_examples=10, deadline=None)
@given(st.lists(WORD, min_size=4, max_size=4, unique=True))
def test_every_marked_word_of_a_book_is_found(words: list[str]) -> None:
    chapter = "<html><head><title>{}</title></head><body><h1>{}</h1><p>{}<aside>{}</aside></p></body></html>"
    assert missing(words, read("epub", book({"a.xhtml": chapter.format(*words)}))) == []
