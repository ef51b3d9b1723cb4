"""What a file says it is about, in its properties: it is found like the text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from simsearch import Document, Heading
from simsearch.types import Reader
from simsearch_office.flow import GAP

DESCRIPTIONS = ("subject", "keywords", "category", "comments")
_BY_PROGRAM = re.compile(r"(?:generated|created|produced|made) (?:by|with|using)\b", re.IGNORECASE)
"""How programs fill in the comments, which says nothing of the file."""


def with_descriptions(read: Reader) -> Reader:
    """A reader whose first document ends with the file's own descriptions."""

    def reading(path: Path, content: bytes) -> list[Document]:
        documents = list(read(path, content))
        return [*map(_described, documents[:1]), *documents[1:]]

    return reading


def _described(document: Document) -> Document:
    known = {key: str(document.metadata.get(key) or "") for key in DESCRIPTIONS}
    said = [
        f"{key.capitalize()}: {value}"
        for key, value in known.items()
        if value and value not in document.text and not _BY_PROGRAM.match(value)
    ]
    if not said or not document.text.strip():
        return document
    end = Heading(len(document.text) + len(GAP), 1, "")  # they belong to no section
    return replace(
        document,
        text=f"{document.text}{GAP}{chr(10).join(said)}",
        headings=(*document.headings, end) if document.headings else (),
    )
