"""Presentations and drawings: a page is a document, with the speaker's notes below it."""

from __future__ import annotations

from collections.abc import Iterator

from simsearch import Document, Heading
from simsearch_office.flow import Block, Flow, one_line, which_of
from simsearch_office.ooxml.elements import Element, attribute, children, descendants, name_of
from simsearch_office.opendocument.file import OpenDocument
from simsearch_office.opendocument.text import Story

_DECLARED = ("header-decl", "footer-decl", "date-time-decl")


def page_documents(file: OpenDocument, body: Element, thing: str) -> Iterator[Document]:
    """Each page that has text; what is drawn on all pages belongs to the first.

    Args:
        thing: `slide` or `page`, which is counted from 1.
    """
    title, metadata = file.title_and_metadata()
    pages, pictures, story = list(children(body, "page")), [], Story(file)
    for number, page in enumerate(pages, 1):
        heading = _title(page, story)
        flow = Flow()
        flow.add([Block(heading, 1)])
        flow.add(_page(page, story, without=heading))
        flow.add_once(_on_all_pages(file, body, story) if number == 1 else ())
        about = {**metadata, thing: number}
        headings = (Heading(0, 1, heading),) if heading else ()
        shown = heading or (title if number == 1 else "")
        yield Document(flow.text, f"#{thing}={number}", shown, headings, about)
        if not flow.text and next(descendants(page, "image"), None) is not None:
            pictures.append(number)
    if pictures:
        file.notices.append(which_of(thing, pictures, len(pages), "is an image", "are images"))


def _title(page: Element, story: Story) -> str:
    for frame in page:
        if name_of(frame) and attribute(frame, "class") == "title":
            return one_line(" ".join(block.text for block in story.blocks(frame)))
    return ""


def _page(page: Element, story: Story, without: str) -> Iterator[Block]:
    for element in page:
        if name_of(element) and not (without and attribute(element, "class") == "title"):
            yield from story.of(element)


def _on_all_pages(file: OpenDocument, body: Element, story: Story) -> Iterator[Block]:
    for element in body:
        if name_of(element) in _DECLARED:
            yield Block(one_line("".join(element.itertext())))
    for master in file.master_pages():
        for element in master:
            # Placeholders say what should be filled in.
            if name_of(element) not in ("", "notes") and attribute(element, "class") is None:
                yield from story.of(element)
