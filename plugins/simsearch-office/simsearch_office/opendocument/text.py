"""Text as OpenDocument programs display it: without what was deleted, with notes and boxes behind their paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from simsearch import Document
from simsearch.tables import table_text
from simsearch_office.flow import Block, Flow, joined, one_line
from simsearch_office.ooxml.drawings import comment_block
from simsearch_office.ooxml.elements import Element, attribute, child, children, descendants, name_of
from simsearch_office.opendocument.file import OpenDocument

_HIDDEN = frozenset(
    (
        "tracked-changes",
        "note-citation",
        "annotation-end",
        "event-listeners",
        "script",
        "thumbnail",
        "note-ref",
    )
)
_SPACE = re.compile(r"[ \t\r\n]+")
_MOST_REPEATED = 100
"""Times that a cell's text is repeated; sheets fill whole columns with one cell."""
_WITH_PARAGRAPHS = ("text", "section", "list-item", "text-box", "table-cell", "note-body", "header", "footer")
_FIELDS = ("page-number", "page-count", "sheet-name", "date", "time")
_FEW_WORDS = 2
_ENTERED = ("current-value", "value", "label")


class Story:
    """Reads elements of one file."""

    def __init__(self, file: OpenDocument) -> None:
        self._file = file
        self._in_cell = False

    def blocks(self, container: Element) -> Iterator[Block]:
        """The paragraphs, headings and tables below an element, in order."""
        yield from _loose_text(container, container.text)
        for element in container:
            yield from self.of(element)
            yield from _loose_text(container, element.tail)

    def of(self, element: Element) -> Iterable[Block]:
        """What one element displays."""
        name = name_of(element)
        if name in ("p", "h"):
            return self.paragraph(element)
        if name == "table":
            return self._table(element)
        if name in _READERS and not _is_field(element):
            return _READERS[name](self, element)
        return self.blocks(element) if name and name not in _HIDDEN else ()

    def paragraph(self, element: Element) -> Iterator[Block]:
        """A paragraph or heading, and what it has behind it."""
        behind: list[Block] = []
        text = "".join(self._characters(element, behind)).strip()
        level = attribute(element, "outline-level") or "1" if name_of(element) == "h" else "0"
        yield Block(text, min(int(level), 9) if level.isdecimal() else 1)
        yield from behind

    def _characters(self, element: Element, behind: list[Block]) -> Iterator[str]:
        yield _SPACE.sub(" ", element.text or "")
        for inner in element:
            yield from self._piece(inner, behind)
            yield _SPACE.sub(" ", inner.tail or "")

    def _piece(self, element: Element, behind: list[Block]) -> Iterator[str]:
        name = name_of(element)
        if name == "s":
            count = attribute(element, "c") or "1"
            yield " " * min(int(count) if count.isdecimal() else 1, 1000)
        elif name in ("tab", "line-break"):
            yield "\t" if name == "tab" else "\n"
        elif name in _READERS and not _is_field(element):
            behind += _READERS[name](self, element)
        elif name == "page-number" and (element.text or "").startswith("<"):
            return  # on slides, the number is not stored
        elif name == "ruby-text":
            behind.append(Block(one_line("".join(element.itertext()))))
        elif _is_drawn(element):
            behind += self.blocks(element)
        elif name and name not in _HIDDEN:
            yield from self._characters(element, behind)

    def note(self, element: Element) -> Iterator[Block]:
        """A footnote or endnote."""
        body = child(element, "note-body")
        yield from (Block(block.text) for block in self.blocks(body)) if body is not None else ()

    def annotation(self, element: Element) -> Iterator[Block]:
        """A reviewer's comment."""
        creator = child(element, "creator")
        author = one_line("".join(creator.itertext())) if creator is not None else ""
        texts = [b.text for inner in element if name_of(inner) in ("p", "list") for b in self.of(inner)]
        yield comment_block(author, "\n".join(texts))

    def described(self, element: Element) -> Iterator[Block]:
        """The alternative text of a picture or shape."""
        yield Block(one_line("".join(element.itertext())))

    def object(self, element: Element) -> Iterator[Block]:
        """A chart, a formula, or a file that can't be read here."""
        reference = attribute(element, "href") or ""
        root = self._file.object(reference) if reference else element
        if root is None:
            self._file.notice_embedded(reference)
            return
        formulas = [e for e in root.iter() if name_of(e) == "math"]
        for formula in formulas:
            yield from self.formula(formula)
        if not formulas:
            yield from self.blocks(root)

    def formula(self, element: Element) -> Iterator[Block]:
        """The symbols of a formula."""
        words = (e.text or "" for e in element.iter() if name_of(e) in ("mi", "mn", "mo", "mtext"))
        yield Block(" ".join(filter(None, words)))

    def control(self, element: Element) -> Iterator[Block]:
        """What was entered into a form, and its labels."""
        for inner in element.iterdescendants():
            for name in _ENTERED if name_of(inner) else ():
                yield Block(one_line(attribute(inner, name) or ""))

    def _table(self, table: Element) -> Iterator[Block]:
        rows = [list(cells(row)) for row in descendants_but(table, "table-row", "table")]
        texts = [[self.cell(cell) for cell, times in row for _ in range(times)] for row in rows]
        for name in ("title", "desc"):
            for words in children(table, name):
                yield from self.described(words)
        if self._in_cell:
            yield Block("; ".join(", ".join(filter(None, row)) for row in texts))
        else:
            yield Block(table_text([_without_end(row) for row in texts]))

    def cell(self, cell: Element) -> str:
        """The text of a table cell in one line."""
        outside, self._in_cell = self._in_cell, True
        text = joined(self.blocks(cell))
        self._in_cell = outside
        return text


_READERS: dict[str, Callable[[Story, Element], Iterable[Block]]] = {
    "note": Story.note,
    "annotation": Story.annotation,
    "object": Story.object,
    "object-ole": Story.object,
    "forms": Story.control,
    "desc": Story.described,
    "title": Story.described,
    "math": Story.formula,
}


def text_document(file: OpenDocument, body: Element) -> Document:
    """The whole text, then the headers and footers of its pages."""
    flow, story = Flow(), Story(file)
    flow.add(story.formula(body) if name_of(body) == "math" else story.blocks(body))
    flow.end_sections()
    flow.add_once(page_edges(file, story))
    title, metadata = file.title_and_metadata()
    headings = flow.headings
    return Document(
        flow.text, "", title or next((h.text for h in headings if h.text), ""), headings, metadata
    )


def page_edges(file: OpenDocument, story: Story) -> Iterator[Block]:
    """Page headers and footers, without page numbers and the like."""
    for page in file.master_pages():
        for edge in page:
            if name_of(edge).startswith(("header", "footer")):
                _empty_fields(edge)
                yield from story.blocks(edge)


def _empty_fields(edge: Element) -> None:
    """Remove fields, and what says little more than `Page 1 of 3`."""
    for paragraph in list(descendants(edge, "p")):
        fields = [element for element in paragraph.iterdescendants() if name_of(element) in _FIELDS]
        for field in fields:
            field.text = ""
        if fields and len("".join(paragraph.itertext()).split()) <= _FEW_WORDS:
            paragraph.clear()


def cells(row: Element) -> Iterator[tuple[Element, int]]:
    """The cells of a row, with how often each is repeated."""
    for cell in row:
        if name_of(cell) in ("table-cell", "covered-table-cell"):
            times = attribute(cell, "number-columns-repeated") or "1"
            yield cell, min(int(times) if times.isdecimal() else 1, _MOST_REPEATED)


def descendants_but(element: Element, wanted: str, border: str) -> Iterator[Element]:
    """Elements of a name below another, but not below one that is a border."""
    for inner in element:
        if name_of(inner) == wanted:
            yield inner
        elif name_of(inner) and name_of(inner) != border:
            yield from descendants_but(inner, wanted, border)


def _without_end(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _loose_text(container: Element, text: str | None) -> Iterator[Block]:
    """Text that a program wrote into no paragraph."""
    if text and text.strip() and name_of(container) in _WITH_PARAGRAPHS:
        yield Block(one_line(text))


def _is_field(element: Element) -> bool:
    """Whether this is the title of the document within a sentence, not that of a picture."""
    return name_of(element) == "title" and "text:" in str(element.tag)


def _is_drawn(element: Element) -> bool:
    return "drawing:" in element.tag if isinstance(element.tag, str) else False
