"""A small sample of each format that simsearch reads by itself, and seeded damage to it."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from email.message import EmailMessage

import numpy as np
import pyarrow
from pyarrow import parquet

SPECIAL = (
    b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\n\n", b"<", b"</", b"&#0;", b"&#xd800;", b"{", b"[" * 300, b'"',
    b"\\ud800", b"\\", b"---\n", b"+++\n", b"# ", b"====\n", b"`" * 50, b"|", b"> " * 200, b"\t", b",", b";",
    b"From x\n", b"Content-Type: multipart/mixed; boundary=x\n", b"=?utf-8?q?=ff?=", b"charset=utf-7", b"1e999",
    b"-1", b"9" * 400, b"NaN", b"def (:\n", b"<table><tr><td>" * 30, "ﷺ\u202e\U0010ffff".encode(), b"PK\x03\x04",
)  # fmt: skip


def samples() -> dict[str, bytes]:
    """Content by file name ending."""
    return {
        ".txt": "Plain words, größer.\n\nAnother paragraph. It has two sentences.\n".encode(),
        ".md": b"---\ntitle: T\ntags: [a, b]\n---\n# One\n\nText.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        b"## Two\n\n> x\n",
        ".rst": b":Author: Ada\n:Date: 2024-05-06\n\nTitle\n=====\n\nText.\n\n"
        b"====  ====\na     b\n====  ====\n1     2\n",
        ".html": b"<!DOCTYPE html><html lang=en><title>T</title><main><h1>One</h1><p>Text<table><tr><td>1</table>"
        b"<pre>a\n b</pre></main></html>",
        ".py": b'"""Module."""\n\n@x\nclass A:\n    def b(self):\n        """Doc."""\n        return [1, {2: (3,)}]\n',
        ".rs": b"/// Doc\nfn main() {\n    let x = 1;\n}\n\nimpl A {\n    fn b() {}\n}\n",
        ".ipynb": json.dumps(
            {
                "cells": [
                    {"cell_type": "markdown", "source": ["# One\n", "text"]},
                    {"cell_type": "code", "source": "x = 1", "outputs": []},
                ],
                "metadata": {"kernelspec": {"language": "python"}},
            }
        ).encode(),
        ".csv": b'id,title,text\n1,One,"some, text"\n2,Two,"a ""quoted"" one"\n',
        ".tsv": b"id\ttext\n1\tone\n2\ttwo\n",
        ".jsonl": b'{"_id": "a", "title": "One", "text": "words", "n": 1.5}\n{"_id": "b", "text": "\\u00e4"}\n',
        ".eml": mail(),
        ".mbox": b"From ada Mon May  6 07:08:09 2024\n"
        + mail()
        + b"\nFrom bo Tue May  7 07:08:09 2024\n"
        + mail(),
        ".emlx": b"%d\n%s<?xml version='1.0'?><plist/>" % (len(mail()), mail()),
        ".mhtml": mail(),
        ".ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Größe\\, x\nDESCRIPTION:a\n b\nEND:VEVENT\n".encode(),
        ".vcf": b"BEGIN:VCARD\nFN:Ada\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\nb=C3=A4\nEND:VCARD\n",
        ".json": '{"title": "T", "list": [1, "zwei", {"drei": "größer"}]}'.encode(),
        ".xml": b'<?xml version="1.0"?><a><title>T &amp; U</title><p>K&#228;se <b c="words here">x</b></p></a>',
        ".tex": b'\\title{T}\n\\section{One}\nna{\\"\\i}ve \\cite{x}, \\emph{y} $a_b$\n',
        ".bib": b'@article{key,\n  title = {The {B}ees},\n  author = {M\\"uller, J.},\n}\n',
        ".org": b"#+TITLE: T\n* TODO One :tag:\ntext\n#+begin_src c\n* x\n#+end_src\n",
        ".adoc": b"= T\nAda\n:key: value\n\n== One\n\n----\n= x\n----\n\nTwo\n---\n",
        ".srt": b"1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i>\n\n2\n00:00:03,000 --> 00:00:04,000\nthere\n",
        ".ass": b"[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,a,Ada,0,0,0,,{\\i1}Hello\\Nthere\n",
        ".properties": b"a=Gr\\u00fc\\u00dfe\\\n  b\nc\\:d=e\n",
        ".epub": book({"a.xhtml": "<h1>One</h1><p>Text.</p>", "b.xhtml": "<h1>Two</h1>"}),
        ".parquet": table(),
    }


def mail() -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["Date"] = (
        "Größe",
        "Ada <ada@example.org>",
        "Mon, 06 May 2024 07:08:09 +0200",
    )
    made.set_content("Good day.\n")
    made.add_alternative("<p>Good <b>day</b></p>", subtype="html")
    made.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    return made.as_bytes()


def table() -> bytes:
    content = io.BytesIO()
    parquet.write_table(pyarrow.table({"_id": ["a", "b"], "text": ["One.", "Two."], "n": [1, None]}), content)
    return content.getvalue()


def book(pages: Mapping[str, str], unordered: int = 0, metadata: str = "") -> bytes:
    """An EPUB of these pages.

    Args:
        unordered: How many of the last pages are out of the reading order; the very last is then the table of contents.
        metadata: More of it, as XML.
    """
    content = io.BytesIO()
    last = len(pages) - 1 if unordered else -1
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"'
        + (' properties="nav"/>' if n == last else "/>")
        for n, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages) - unordered))
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>The Book</dc:title><dc:creator>Ada</dc:creator><dc:language>en</dc:language>"
            f"{metadata}</metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for name, page in pages.items():
            archive.writestr(f"OEBPS/{name}", page)
    return content.getvalue()


def damaged(content: bytes, others: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """The content with bytes changed, cut, repeated, put in, or replaced by a part of another format."""
    random = np.random.default_rng([seed, *content[:20]])
    for _ in range(count):
        broken = content
        for _ in range(int(random.integers(1, 5))):
            place, end = sorted(int(p) for p in random.integers(0, len(broken) + 1, 2))
            other = others[int(random.integers(len(others)))]
            special = SPECIAL[int(random.integers(len(SPECIAL)))]
            broken = (
                broken[:place] + random.bytes(min(end - place, 4)) + broken[place + min(end - place, 4) :],
                broken[:place] + broken[end:],
                broken[:end] + broken[place:end] * int(random.integers(1, 20)) + broken[end:],
                broken[:place] + special + broken[place:],
                broken[:place] + other[: int(random.integers(len(other)))] + broken[end:],
            )[int(random.integers(5))][:100_000]
        yield broken
