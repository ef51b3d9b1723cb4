"""Readers of PDF, Word, PowerPoint and Excel files; each parser runs in a process with limits."""

from __future__ import annotations

from simsearch import Component, hookimpl
from simsearch.types import Reader

SECONDS = 60.0
MEGABYTES = 1500


@hookimpl
def simsearch_readers() -> list[Component]:
    return [
        Component("pdf", "A page of a PDF file a document", pdf, accepts=(".pdf",)),
        Component("word", "Word files", word, accepts=(".docx", ".docm")),
        Component("slides", "A slide of a PowerPoint file a document", slides, accepts=(".pptx", ".pptm")),
        Component("sheets", "A sheet of an Excel file a document", sheets, accepts=(".xlsx", ".xlsm")),
    ]


def pdf(seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Reader:
    """Pages as documents, with `page` in their metadata.

    Args:
        seconds: Most time for a file.
        megabytes: Most memory for a file.
    """
    from simsearch.isolation import in_worker
    from simsearch_office.pdf import read_pdf

    return in_worker(read_pdf, seconds=seconds, megabytes=megabytes)


def word(seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Reader:
    """A file as one document with its headings; tables as text."""
    from simsearch.isolation import in_worker
    from simsearch_office.word import read_word

    return in_worker(read_word, seconds=seconds, megabytes=megabytes)


def slides(seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Reader:
    """Slides as documents, with `slide` in their metadata and the speaker's notes below their text."""
    from simsearch.isolation import in_worker
    from simsearch_office.slides import read_slides

    return in_worker(read_slides, seconds=seconds, megabytes=megabytes)


def sheets(seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Reader:
    """Sheets as documents, with `sheet` in their metadata; the first row is the header."""
    from simsearch.isolation import in_worker
    from simsearch_office.sheets import read_sheets

    return in_worker(read_sheets, seconds=seconds, megabytes=megabytes)
