"""Readers: the text is the file where it can be, headings are in place, and what a file says of itself is kept."""

from __future__ import annotations

import gzip
import io
import json
import mailbox
import math
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from simsearch import Document, UnreadableFile
from simsearch.builtin.readers.parquet import read_parquet
from simsearch.indexing.changes import Candidate
from simsearch.indexing.reading import Readers
from simsearch.plugins.registry import Registry
from simsearch.storage.protocols import FileRecord
from tests.support.file_samples import book
from tests.unit.builtin.test_chunkers import TEXTS

REGISTRY = Registry.load(only=())


def read(name: str, content: bytes | str, **arguments: Any) -> list[Document]:
    """As the component reads it."""
    reader, _, ending = name.partition(".")
    spec = reader + (":" + ",".join(f"{k}={v}" for k, v in arguments.items()) if arguments else "")
    data = content.encode() if isinstance(content, str) else content
    return list(REGISTRY.reader(spec).value(Path(f"example.{ending or 'x'}"), data))


def read_file(folder: Path, name: str, content: bytes | str, *tune_settings: str) -> list[Document]:
    """As the index reads it: by its name and how it begins."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    record = FileRecord(name, name, "", file.stat().st_size, 0)
    return Readers(REGISTRY, tune_settings).read(Candidate(file, record))[1]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in document.headings]


def reason(folder: Path, name: str, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_file(folder, name, content)
    return str(caught.value)


# The text is the file --------------------------------------------------------------------------------


@given(
    text=TEXTS.filter(lambda text: not set("\0\b\x1b") & set(text)),
    reader=st.sampled_from(["text", "markdown", "restructuredtext"]),
)
def test_plain_formats_give_the_file_itself_with_headings_in_place(text: str, reader: str) -> None:
    [document] = read(reader, text)
    assert document.text == text.encode().decode("utf-8-sig")
    assert document.verbatim
    for heading in document.headings:
        line = document.text[heading.start :].lstrip("\n")
        assert heading.level >= 1
        assert line
    assert [h.start for h in document.headings] == sorted(h.start for h in document.headings)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Größe\r\nx".encode(), "Größe\r\nx"),
        (b"\xef\xbb\xbfmark", "mark"),
        ("Größe".encode("utf-16"), "Größe"),
        ("Größe".encode("utf-32"), "Größe"),
        ("# -*- coding: latin-1 -*-\nx = 'é'".encode("latin-1"), "# -*- coding: latin-1 -*-\nx = 'é'"),
        (b"", ""),
    ],
)
def test_text_is_decoded_by_its_mark_or_what_it_declares(content: bytes, text: str) -> None:
    assert read("text", content)[0].text == text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a\0b", "binary"),
        (b"\x01\x02\x03 some \xe9\x04\x05", "not text in a known encoding"),
        (b"\xff\xfe\x00", "not UTF-8 text"),
    ],
)
def test_what_is_no_text_says_so(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read("text", content)


# Headings --------------------------------------------------------------------------------------------


def test_markdown_headings_are_commonmarks() -> None:
    body = "# One *bold*\n\n```\n# no heading\n```\n\nTwo\n---\n\n### `three` [link](x)\n> # quoted\n"
    text = f"---\ntitle: Named\n---\n{body}"
    [document] = read("markdown", text)
    assert document.title == "Named"
    assert headings(document)[:3] == [(1, "One bold"), (2, "Two"), (3, "three link")]
    assert [document.text[h.start :].split("\n")[0] for h in document.headings][:3] == [
        "# One *bold*",
        "Two",
        "### `three` [link](x)",
    ]


def test_restructuredtext_levels_follow_the_order_of_styles() -> None:
    text = "=====\nTitle\n=====\n\nPart\n====\n\nText.\n\nDeep\n----\n\nPart 2\n======\n\n.. code::\n\n    x\n    =\n"
    [document] = read("restructuredtext", text)
    assert headings(document) == [(1, "Title"), (2, "Part"), (3, "Deep"), (2, "Part 2")]
    assert document.title == "Title"


# What a file says of itself --------------------------------------------------------------------------


def test_front_matter_becomes_metadata_as_json_values() -> None:
    text = "---\ntitle: T\ndate: 2024-05-06\ntags: [a, b]\nnested: {x: 1}\nwhen: 2024-05-06T07:08:09Z\n---\n\nBody\n"
    [document] = read("markdown", text)
    assert document.metadata == {
        "title": "T",
        "date": "2024-05-06",
        "tags": ["a", "b"],
        "nested": {"x": 1},
        "when": "2024-05-06T07:08:09+00:00",
    }
    assert document.text == text


@pytest.mark.parametrize(
    "text",
    [
        "---\n[[[\n---\n",
        "---\njust words\n---\n",
        "+++\nx = \n+++\n",
        "---\nnever closed: 1\n",
        "---\n" + "[" * 60_000 + "\n---\n",
        "---\n" + "- " * 30_000 + "\n---\n",
        "---\n" + "{a: " * 10_000 + "\n---\n",
        "+++\na = " + "[" * 60_000 + "\n+++\n",
    ],
)
def test_front_matter_that_is_none_is_text(text: str) -> None:
    [document] = read("markdown", text)
    assert (dict(document.metadata), document.text) == ({}, text)


def test_fields_at_the_top_of_a_pep_become_metadata() -> None:
    [document] = read(
        "restructuredtext", "PEP: 8\nTitle: Style\nAuthor: Guido,\n  Barry\n\nIntro\n=====\n\nText\n"
    )
    assert document.metadata == {"pep": "8", "title": "Style", "author": "Guido, Barry"}
    assert document.title == "Style"


# Web pages -------------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html lang="en"><head><title>The  page</title><meta name="author" content="Ada">
<style>p {}</style></head><body><nav><a href="/">Home</a></nav><div class="sidebar">Links</div>
<main><h1>Top</h1><p>First   <b>bold</b>
paragraph.</p><ul><li>one</li><li>two</li></ul><pre>a
  b</pre><h2>Below</h2><table><tr><th>k</th><th>v</th></tr><tr><td>a</td><td>1</td></tr></table>
<p hidden>secret</p><script>x()</script></main><footer>Imprint</footer></body></html>"""


def test_html_keeps_the_main_content_and_its_headings_in_place() -> None:
    [document] = read("html", PAGE)
    assert document.text == (
        "Top\n\nFirst bold paragraph.\n\none\ntwo\n\na\n  b\n\nBelow\n\nk | v\n--- | ---\na | 1"
    )
    assert not document.verbatim
    assert headings(document) == [(1, "Top"), (2, "Below")]
    for heading in document.headings:
        assert document.text[heading.start :].startswith(heading.text)
    assert document.title == "The page"
    assert document.metadata == {"author": "Ada", "language": "en"}


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["h1", "h2", "p", "li", "div", "pre", "td", "b"]),
            st.text(st.characters(exclude_characters="<>&\0", exclude_categories=["Cs", "Cc"]), max_size=20),
        ),
        max_size=12,
    )
)
def test_html_headings_stand_where_their_words_are(parts: Sequence[tuple[str, str]]) -> None:
    page = "<html><body>" + "".join(f"<{tag}>{words}</{tag}>" for tag, words in parts) + "</body></html>"
    [document] = read("html", page)
    for heading in document.headings:
        assert " ".join(document.text[heading.start :].split()).startswith(heading.text)


# Rows ------------------------------------------------------------------------------------------------


def test_a_row_of_a_corpus_is_a_document() -> None:
    rows = '{"_id": "a", "title": "T", "text": "x", "year": 1}\n\n{"_id": "b", "text": "y"}\n'
    first, second = read("jsonl", rows)
    assert (first.id, first.title, first.text, dict(first.metadata)) == ("a", "T", "x", {"year": 1})
    assert (second.id, second.title, second.text) == ("b", "", "y")


def test_columns_of_a_table_are_chosen_by_flags() -> None:
    [document] = read("csv", "nr,name,body\n7,Ada,Some text\n", text="body", id="nr", title="name")
    assert (document.id, document.title, document.text) == ("7", "Ada", "Some text")
    with pytest.raises(UnreadableFile, match=r"row 1 has no column 'nope'\. Its columns are: a, b"):
        read("csv", "a,b\n1,2\n", text="nope")


def test_a_row_without_a_text_column_lists_all_its_cells() -> None:
    assert read("csv", "a;b\n1;zwei\n")[0].text == "a: 1\nb: zwei"
    assert read("tsv", "a\tb\n1\t\n")[0].text == "a: 1"


@pytest.mark.parametrize(
    ("reader", "content", "why"),
    [
        ("jsonl", "{}\n[1]\n", "row 2 is not a JSON object"),
        ("jsonl", '{"a": ' + "[" * 100_000, "row 1: this is not valid JSON"),
    ],
)
def test_a_file_of_rows_that_cannot_be_read_is_refused_with_the_first(
    reader: str, content: str, why: str
) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read(reader, content)


def test_a_broken_line_costs_no_other_line() -> None:
    rows = [
        '{"id": "a", "text": "otter"}',
        '{"id": "b", "text": "bad',
        "",
        '{"id": "c", "text": "lynx"}',
        "7",
        '{"text": "seal"}',
    ]
    first, *others = read("jsonl", "\n".join(rows))
    assert [document.text for document in (first, *others)] == ["otter", "lynx", "seal"]
    assert first.notices == ("2 lines are not a JSON object and not read: line 2 and 1 other",)
    assert not any(document.notices for document in others)


@given(
    st.lists(
        st.sampled_from(['{"text": "%s"}', '{"other": ["%s"]}', '{"text": "%s', '"%s"']),
        min_size=1,
        max_size=12,
    )
)
def test_every_row_of_a_file_is_read_or_its_line_is_named(rows: list[str]) -> None:
    marked = [(f"marked{number}x", row) for number, row in enumerate(rows)]
    try:
        documents = read("jsonl", "\n".join(row % word for word, row in marked))
    except UnreadableFile as error:
        assert re.search(r"row \d+", str(error))
        return
    text = "\n".join(document.text for document in documents)
    lost = [number for number, (word, _) in enumerate(marked, 1) if word not in text]
    assert [number for number, (_, row) in enumerate(marked, 1) if not row.endswith("}")] == lost
    assert not lost or (
        f"{len(lost)} line" in documents[0].notices[0] and f"line {lost[0]}" in documents[0].notices[0]
    )


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "title", "text", "note", "tags"]),
            st.sampled_from(["word", ["word"], None]),
            min_size=1,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_every_word_of_a_parquet_table_is_found(rows: list[dict[str, Any]]) -> None:
    marks = (f"marked{first}{second}" for first in "abcde" for second in "abcdefghij")
    columns: dict[str, list[Any]] = {}
    shown = []
    for name in dict.fromkeys(name for row in rows for name in row):
        as_list = any(isinstance(row.get(name), list) for row in rows)
        columns[name] = []
        for row in rows:
            word = next(marks) if row.get(name) else None
            shown += [word] if word else []
            columns[name].append([word] if word and as_list else word)
    content = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), content)
    documents = list(read_parquet(Path("a.parquet"), content.getvalue()))
    assert len(documents) == len(rows)
    said = " ".join(f"{document.id} {document.title} {document.text}" for document in documents)
    assert [word for word in shown if word not in said] == []


# Which reader ----------------------------------------------------------------------------------------


def test_the_content_decides_where_it_contradicts_the_name(tmp_path: Path) -> None:
    assert reason(tmp_path, "a.txt", b"\x89PNG\r\n") == "binary"
    assert reason(tmp_path, "b.md", b"\x00\x01") == "binary"
    assert reason(tmp_path, "c", gzip.compress(b"x")) == "binary"
    assert reason(tmp_path, "c.tar.gz", gzip.compress(b"x")) == "archive: unpack it to index its files"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("notes/xl/word/a.txt", "ppt/ and word/ are folders")
    assert reason(tmp_path, "c.zip", content.getvalue()) == "archive: unpack it to index its files"
    assert reason(tmp_path, "c.XLSB", b"PK\x03\x04\x00").startswith("Excel binary workbook")
    assert read_file(tmp_path, "book", book({"a": "x"}))[0].metadata["book"] == "The Book"
    assert reason(tmp_path, "d.md", b"%PDF-1.4 without any NUL").startswith("needs simsearch-office")
    assert read_file(tmp_path, "page", "  <!DOCTYPE html><title>T</title><p>x")[0].title == "T"
    assert read_file(tmp_path, "README", "plain")[0].text == "plain"


def test_a_saved_page_under_the_name_of_a_document_is_decoded(tmp_path: Path) -> None:
    header = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=q\n\n"
    part = "--q\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>M=C3=BC=\nhle</p>\n--q--\n"
    assert read_file(tmp_path, "export.doc", header + part)[0].text == "Mühle"


def test_a_file_that_needs_a_package_names_it(tmp_path: Path) -> None:
    needed = "needs simsearch-office: pip install simsearch-office"
    assert {reason(tmp_path, f"a{ending}", b"PK..") for ending in (".docx", ".pptx", ".xlsx", ".xlsm")} == {
        needed
    }
    assert reason(tmp_path, "download", b"%PDF-1.7\n") == needed


def test_a_wish_for_a_reader_wins(tmp_path: Path) -> None:
    assert read_file(tmp_path, "a.csv", "body,x\nhello,1\n", "csv:text=x")[0].text == "1"


# Code ------------------------------------------------------------------------------------------------

PYTHON = '''"""What the module does.

More of it.
"""

import os


# about Fruit
@decorated
class Fruit:
    """A fruit."""

    size = 1

    def eat(self):
        return 1

    if os.name:
        async def grow(self):
            def inner(): pass
    other = 2


def last(): pass


# and then
last()
'''


def test_definitions_of_python_are_headings_with_what_stands_above_them() -> None:
    [document] = read("code.py", PYTHON)
    assert (document.text, document.verbatim) == (PYTHON, True)
    assert document.metadata == {"language": "python"}
    assert document.title == "What the module does."
    assert headings(document) == [
        (1, "class Fruit"),
        (2, "def eat"),
        (2, ""),
        (2, "async def grow"),
        (3, "def inner"),
        (2, ""),
        (1, "def last"),
        (1, ""),
    ]
    lines = [document.text[heading.start :].split("\n")[0].strip() for heading in document.headings]
    assert lines == [
        "# about Fruit",
        "def eat(self):",
        "if os.name:",
        "async def grow(self):",
        "def inner(): pass",
        "other = 2",
        "def last(): pass",
        "# and then",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "def broken(:\n",
        "(" * 5000,
        "-" * 5000 + "1",
        "x = " + "[" * 90,
        "if a: pass\n" + "elif a: pass\n" * 3000,
        "\f\n" * 9,
    ],
)
def test_python_that_cannot_be_parsed_is_text(text: str) -> None:
    [document] = read("code.py", text)
    assert (document.text, document.headings) == (text, ())


def test_the_ending_tells_the_language() -> None:
    assert read("code.rs", "fn main() {}\n")[0].metadata == {"language": "rust"}
    assert read("code.tsx", "let x\n")[0].metadata == {"language": "typescript"}


LANGUAGES = {
    "go": (
        "func (c *Client) Read(a int) error {\n\treturn nil\n}\n\ntype Shape struct {\n\tArea int\n}\n\nvar x = 1\n",
        [(1, "func (c *Client) Read(a int) error"), (1, "type Shape struct"), (1, "")],
    ),
    "rs": (
        "pub(crate) async fn run(x: u8) -> u8 {\n    x\n}\n\nimpl<T> A for T {\n    fn area(\n        &self,\n    ) {\n"
        "        1\n    }\n}\n",
        [(1, "pub(crate) async fn run(x: u8) -> u8"), (1, "impl<T> A for T"), (2, "fn area(")],
    ),
    "ts": (
        "export default class A extends B {\n  x = 1;\n}\nexport async function f() {\n  g();\n}\nf();\n",
        [(1, "export default class A extends B"), (1, "export async function f()"), (1, "")],
    ),
    "java": (
        "public final class A {\n  // the class of things\n  private static class B\n  {\n    int x;\n  }\n"
        "  int y;\n}\n",
        [(1, "public final class A"), (2, "private static class B"), (2, "")],
    ),
    "rb": (
        "module A\n  class B < C\n    def eat(x)\n      x\n    end\n  end\nend\n",
        [(1, "module A"), (2, "class B < C"), (3, "def eat(x)")],
    ),
    "kt": (
        "internal suspend fun <T> f(x: T): Int {\n    return 1\n}\n",
        [(1, "internal suspend fun <T> f(x: T): Int")],
    ),
    "ex": (
        "defmodule A do\n  defp f(x) do\n    x\n  end\nend\n",
        [(1, "defmodule A do"), (2, "defp f(x) do")],
    ),
    "c": (
        "struct point {\n    int x;\n};\n\n/* a struct\n * of words */\nint main(void)\n{\n    return 0;\n}\n",
        [(1, "struct point"), (1, "")],
    ),
    "proto": ("message Hit {\n  int32 rank = 1;\n}\n", [(1, "message Hit")]),
}


@pytest.mark.parametrize("ending", LANGUAGES)
def test_definitions_of_other_languages_are_the_lines_that_open_them(ending: str) -> None:
    text, expected = LANGUAGES[ending]
    [document] = read(f"code.{ending}", text)
    assert headings(document) == expected
    for heading in document.headings:
        from_there = document.text[heading.start :]
        assert from_there.startswith((heading.text, "//"))


@pytest.mark.parametrize(
    "text",
    ["a " * 200_000, "class " * 100_000, "\n" * 500_000, "static \n" * 50_000 + "class", "func x\n" * 50_000],
)
def test_looking_for_definitions_takes_no_longer_for_odd_text(text: str) -> None:
    assert read("code.go", text)[0].headings == ()


# Notebooks -------------------------------------------------------------------------------------------


def test_a_notebook_is_the_text_of_its_cells() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Top\n", "words"]},
        {"cell_type": "code", "source": "x = 1", "outputs": [{"text": "printed"}]},
        {"cell_type": "code", "source": []},
        {"cell_type": "markdown", "source": "## Below"},
    ]
    notebook = {"cells": cells, "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4}
    [document] = read("notebook", json.dumps(notebook))
    assert document.text == "# Top\nwords\n\nx = 1\n\n## Below"
    assert headings(document) == [(1, "Top"), (2, "Below")]
    assert [document.text[h.start :].split("\n")[0] for h in document.headings] == ["# Top", "## Below"]
    assert (document.title, document.metadata, document.verbatim) == ("Top", {"kernel": "python"}, False)
    assert document.notices == ("the output of 1 cell was not read",)


def test_a_notebook_whose_encoding_was_guessed_says_so() -> None:
    cells = [{"cell_type": "markdown", "source": "Größe"}]
    [document] = read("notebook", json.dumps({"cells": cells}, ensure_ascii=False).encode("latin-1"))
    assert (document.text, document.notices) == ("Größe", ("encoding guessed: Windows-1252",))


@pytest.mark.parametrize("content", ["[]", "{", '{"cells": ' + "[" * 10_000, "1"])
def test_what_is_no_notebook_says_so(content: str) -> None:
    with pytest.raises(UnreadableFile, match="not a notebook"):
        read("notebook", content)


@pytest.mark.parametrize(
    "content", ['{"cells": 3}', '{"cells": [1, {"cell_type": []}]}', '{"worksheets": [0]}']
)
def test_odd_notebooks_are_empty(content: str) -> None:
    assert read("notebook", content)[0].text == ""


# Mail ------------------------------------------------------------------------------------------------


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in headers.items():
        made[name] = value
    made.set_content("Good day,\nit rains.\n")
    return made


def test_a_message_is_its_body_under_its_subject() -> None:
    made = message(Subject="Größe", From="Ada <ada@example.org>", Date="Mon, 06 May 2024 07:08:09 +0200")
    made.add_attachment(b"x", maintype="image", subtype="png", filename="rain.png")
    [document] = read("mail", made.as_bytes())
    assert document.title == "Größe"
    assert document.text == "Good day,\nit rains.\n\nFrom: Ada <ada@example.org>\nAttachments: rain.png"
    assert document.metadata == {
        "from": "Ada <ada@example.org>",
        "date": "2024-05-06T07:08:09+02:00",
        "attachments": ["rain.png"],
    }


def test_a_message_of_html_alone_is_read_as_a_page() -> None:
    made = EmailMessage()
    made.set_content("<h1>Offer</h1><p>Buy <b>now</b></p>", subtype="html")
    assert read("mail", made.as_bytes())[0].text == "Offer\n\nBuy now"


def test_a_mailbox_is_its_messages(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box.mbox")
    box.add(message(Subject="one"))
    box.add(message(Subject="two"))
    box.close()
    documents = read("mailbox", (tmp_path / "box.mbox").read_bytes())
    assert [(document.id, document.title) for document in documents] == [
        ("#message=1", "one"),
        ("#message=2", "two"),
    ]
    assert {document.text for document in documents} == {"Good day,\nit rains."}


# Books and columns -----------------------------------------------------------------------------------


def test_chapters_of_a_book_are_documents_in_the_order_of_reading(tmp_path: Path) -> None:
    pages = {"b one.xhtml": "<h1>First</h1><p>Once.</p>", "empty.xhtml": "<p/>", "a.xhtml": "<h1>Second</h1>"}
    first, second = read_file(tmp_path, "book.epub", book(pages))
    assert (first.id, first.title, first.text) == ("#chapter=1", "First", "First\n\nOnce.")
    assert first.metadata == {"book": "The Book", "author": "Ada", "language": "en", "chapter": 1}
    assert (second.id, second.text) == ("#chapter=2", "Second")


def test_pages_outside_of_the_reading_order_come_last(tmp_path: Path) -> None:
    pages = {"a.xhtml": "<p>Text</p>", "notes.xhtml": "<p>Notes</p>", "contents.xhtml": "<p>Contents</p>"}
    about = (
        "<dc:description>On lakes.</dc:description><dc:subject>Water</dc:subject>"
        "<dc:subject>Fish</dc:subject><dc:creator>Bob</dc:creator>"
    )
    text, notes = read_file(tmp_path, "book.epub", book(pages, 2, about))
    assert (text.text, notes.id, notes.text) == ("Text", "#chapter=2", "Notes")
    assert (text.metadata["description"], text.metadata["subject"]) == ("On lakes.", "Water, Fish")
    assert text.metadata["author"] == "Ada, Bob"


def test_a_book_that_unpacks_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}", b"\0" * 100_000_000)
    assert reason(tmp_path, "bomb.epub", bomb.getvalue()) == "unpacks to more than 300 MB"
    assert reason(tmp_path, "broken.epub", book({"a": "x"})[:-200]) == "broken or encrypted EPUB"


def test_a_row_of_a_parquet_file_is_a_document(tmp_path: Path) -> None:
    columns = {
        "_id": ["a", "b"],
        "text": ["One.", "Two."],
        "when": [date(2024, 5, 6), None],
        "x": [1.5, math.nan],
    }
    parquet.write_table(pyarrow.table(columns), tmp_path / "rows.parquet")
    content = (tmp_path / "rows.parquet").read_bytes()
    first, second = read_file(tmp_path, "rows", content)  # known by how it begins
    assert (first.id, first.text, first.metadata) == ("a", "One.", {"when": "2024-05-06", "x": 1.5})
    assert (second.id, second.metadata) == ("b", {"when": None, "x": None})
    assert read_file(tmp_path, "again.parquet", content, "parquet:text=_id,id=text")[0].id == "One."
    assert reason(tmp_path, "broken.parquet", content[:-30]) == "broken Parquet file"
