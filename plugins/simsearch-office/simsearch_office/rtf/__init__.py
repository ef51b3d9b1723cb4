"""RTF files: a file is a document, with its headings in place, its notes behind their paragraph, its tables as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simsearch import Document, UnreadableFile
from simsearch_office.flow import Flow
from simsearch_office.ooxml.packages import reasons
from simsearch_office.rtf.parser import Parser


def read_rtf(path: Path, content: bytes) -> Iterator[Document]:
    """The text, then page headers and footers.

    Raises:
        UnreadableFile: It is broken.
    """
    if not content.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFile("broken RTF file")
    with reasons("broken RTF file"):
        parser = Parser(content.decode("latin-1"))
        parser.parse()
        flow = Flow()
        flow.add(parser.blocks())
        flow.end_sections()
        flow.add_once(parser.page_edges)
    headings = flow.headings
    title = parser.title or next((heading.text for heading in headings if heading.text), "")
    notices = parser.notices if flow.text else ["no text in it", *parser.notices]
    yield Document(flow.text, "", title, headings, parser.metadata, notices=tuple(notices))
