"""HTML to text: a page's content with its headings, tables and marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch import Document, Heading, UnreadableFile
from simsearch.builtin.readers.html_content import Content, Trust, described, find_main, measure
from simsearch.builtin.readers.html_marks import Marks
from simsearch.builtin.readers.names import names
from simsearch.decoding import decode_with_notices
from simsearch.tables.text import table_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


LINES = names("br li tr td th option optgroup button label legend textarea text")
PARAGRAPHS = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav noframes noscript ol p pre search "
    "section summary table ul"
)
REPLACED = names("audio canvas embed iframe img input meter object progress select svg video")
"""Inline elements that separate the words around them."""

SHORTENED = names("abbr acronym dfn")
"""Elements whose title says what they stand for."""

ASIDES = names("admonition caution danger important note tip warning")
ROWS = names("thead tbody tfoot tr")
HEADINGS = {f"h{level}": level for level in range(1, 7)}
NAMED = names("author date description keywords")
TRUST: tuple[Trust, ...] = ("all", "tags", "nothing")
DEEPEST = 2048  # libxml2 drops what lies deeper

_SPACES = re.compile(r"\s+")
_SELF_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([a-zA-Z][\w:-]*)"
    r"((?:\s+(?:[^<>\"'/]|\"[^\"]{0,2000}\"|'[^']{0,2000}')*+)?)/>"
)
"""An element of XHTML without content, which to HTML is an element that is never closed."""

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_END_OF_PAGE = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
"""What follows it is shown all the same, as a mailing list's footer, but dropped by the parser."""


def read_html(path: Path, content: bytes) -> Iterator[Document]:
    """One document of one page."""
    text, notices = decode_with_notices(content)
    yield replace(html_document(text), notices=notices)


def html_document(page: str) -> Document:
    """The content of a page; if its hints say that it has none, all of its text. A page that scripts fill has the
    description that it gives of itself.

    Raises:
        UnreadableFile: Its elements are nested too deeply to keep them all.
    """
    root = _parsed(page)
    if root is None:
        return Document("")
    sizes = measure(root)
    main = find_main(root, sizes)
    for trust in TRUST:
        flow = _flow(root, Content(trust, sizes, sizes[root].text, main))
        if flow.text.strip():
            break
    text, headings = flow.text, tuple(flow.headings)
    title = _words(root.findtext(".//head/title") or _title_outside_of_pictures(root))
    title = title or (headings[0].text if headings else "")
    metadata = _metadata(root)
    text = text if text.strip() else metadata.get("description", "")
    return Document(text, title=title, headings=headings, metadata=metadata, marks=flow.marks.found)


def _parsed(page: str) -> Element | None:
    from lxml import etree

    if "xhtml" in page[:2000].lower():
        page = _SELF_CLOSED.sub(r"<\1\2></\1>", page)
        page = _CDATA.sub(lambda found: escape(found[1]), page)
    page = _END_OF_PAGE.sub("<br>", page)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root: Element | None = etree.fromstring(page.encode("utf-8", "replace"), parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise UnreadableFile(f"HTML nested deeper than {DEEPEST} elements")
    return root


def _title_outside_of_pictures(root: Element) -> str:
    titles = (one for one in root.iter("title") if next(one.iterancestors("svg"), None) is None)
    return next((text for one in titles if (text := one.text)), "")


def _metadata(root: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or "").lower()
        if name in NAMED and meta.get("content"):
            found[name] = meta.get("content")
    language = root.get("lang") if root.tag == "html" else None
    return {**found, "language": language} if language else found


def _flow(root: Element, content: Content) -> _Flow:
    """The text below an element, with the headings and marks in it."""
    from lxml import etree

    flow = _Flow()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element is not root and content.leaves_out(element):
            flow.separate(element)
            _step_over(walk)
        elif event == "start" and element.tag == "table" and _holds_data(element):
            for caption in element.iter("caption"):
                flow.paragraph(_words(_flow(caption, content).text))
            flow.paragraph(table_text(_rows(element, content)))
            _step_over(walk)
        elif event == "start":
            flow.open(element)
            continue
        else:
            flow.close(element)
        if element is not root:
            flow.add(element.tail)
    return flow


def _step_over(walk: Any) -> None:
    walk.skip_subtree()
    next(walk)


def _rows(table: Element, content: Content) -> list[list[str]]:
    return [[_words(_flow(cell, content).text) for cell in row.iter("td", "th")] for row in table.iter("tr")]


def _stands_aside(heading: Element) -> bool:
    """True for the heading of a note, which ends with the note, not with the next heading."""
    parent = heading.getparent()
    return parent is not None and not ASIDES.isdisjoint((parent.get("class") or "").split())


def _holds_data(table: Element) -> bool:
    """True unless the table is there for the page's layout, or has text between its cells."""
    if next(table.iterdescendants("table", *HEADINGS), None) is not None:
        return False
    between = (
        text for part in table.iter("table", *ROWS) for text in (part.text, *(one.tail for one in part))
    )
    return not any(text and text.strip() for text in between)


def _words(text: str) -> str:
    return " ".join(text.split())


class _Flow:
    """Text in document order, with line and paragraph breaks where elements ask for them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.headings: list[Heading] = []
        self.marks = Marks()
        self._length = 0
        self._break = ""
        self._verbatim = 0
        self._heading_from = 0

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def open(self, element: Element) -> None:
        self.separate(element)
        self.marks.open(element)
        self._verbatim += element.tag == "pre"
        self._heading_from = len(self.parts) if element.tag in HEADINGS else self._heading_from
        self.add(described(element) if element.tag == "img" else element.text)

    def close(self, element: Element) -> None:
        if element.tag in SHORTENED and (meaning := _words(element.get("title") or "")):
            self.add(f" ({meaning})")
        if element.tag in HEADINGS and not _stands_aside(element):
            self._end_heading(HEADINGS[str(element.tag)])
        self._verbatim -= element.tag == "pre"
        self.marks.close(element, self._length)
        self.separate(element)

    def paragraph(self, text: str) -> None:
        self._break = "\n\n"
        self._put(text)
        self._break = "\n\n"

    def separate(self, element: Element) -> None:
        """Keep what is before an element's border apart from what is behind it, as a browser does."""
        tag = str(element.tag)
        wanted = "\n\n" if tag in PARAGRAPHS else "\n" if tag in LINES or "-" in tag else ""
        self._break = max(self._break, wanted, key=len)
        if tag in REPLACED:
            self.add(" ")

    def add(self, text: str | None) -> None:
        if text and self._verbatim:
            self._put(text)
        elif text:
            words = _SPACES.sub(" ", text)
            at_start = self._break or not self.parts or self.parts[-1][-1:].isspace()
            self._put(words.lstrip() if at_start else words)

    def _put(self, text: str) -> None:
        if not text:
            return
        if self._break and self.parts:
            self._length -= len(self.parts[-1])
            self.parts[-1] = self.parts[-1].rstrip(" ") + self._break
            self._length += len(self.parts[-1])
        self._break = ""
        if not text.isspace():
            self.marks.place(self._length + len(text) - len(text.lstrip()))
        self.parts.append(text)
        self._length += len(text)

    def _end_heading(self, level: int) -> None:
        words = "".join(self.parts[self._heading_from :])
        title = _words(words)
        if title:
            start = self._length - len(words.lstrip())
            self.headings.append(Heading(start, level, title))
