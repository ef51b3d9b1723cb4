"""PDF files: a page is a document, so that a hit knows its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from simsearch import Document, UnreadableFile
from simsearch_office.flow import which_of
from simsearch_office.pdf.file import PdfFile, PdfPage, open_pdf
from simsearch_office.pdf.hyphens import Hyphens

_CONCERNS: dict[tuple[str, str], Callable[[PdfPage], bool]] = {
    ("has no text", "have no text"): lambda page: not page.text and not page.is_picture,
    ("is an image", "are images"): lambda page: page.is_picture,
    ("has text that can't be decoded", "have text that can't be decoded"): lambda page: page.is_coded,
}
"""What is reported of pages, with the words for one page and for several."""


def read_pdf(path: Path, content: bytes) -> Iterator[Document]:
    """The pages that have text; `page` counts from 1.

    Raises:
        UnreadableFile: It is broken, needs a password, or has no text.
    """
    with open_pdf(content) as pdf:
        pages = [pdf.page(number) for number in range(len(pdf))]
        documents = list(_documents(pdf, pages))
    if not documents:
        raise UnreadableFile(
            f"no text in it{': its pages are images' if any(p.is_picture for p in pages) else ''}"
        )
    yield from documents


def _documents(pdf: PdfFile, pages: Sequence[PdfPage]) -> Iterator[Document]:
    hyphens = Hyphens([page.text for page in pages], pdf.language)
    title, metadata = pdf.title_and_metadata()
    notices = pdf.notices()
    for (one, many), concerned in _CONCERNS.items():
        if numbers := [number for number, page in enumerate(pages, 1) if concerned(page)]:
            notices.append(which_of("page", numbers, len(pages), one, many))
    outline = pdf.outline()
    for number, text in enumerate(hyphens.resolve_pages(), 1):
        headings = outline.on_page(number, text)
        if text.strip():
            about = {**metadata, "page": number, "pages": len(pages)}
            yield Document(text, f"#page={number}", title, headings, about, notices=tuple(notices))
            notices = []
