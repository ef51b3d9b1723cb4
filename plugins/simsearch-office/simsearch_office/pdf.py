"""PDF: a page a document, so that a hit knows its page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simsearch import Document, UnreadableFile


def read_pdf(path: Path, content: bytes) -> Iterator[Document]:
    """The pages that have text; `page` counts from 1.

    Raises:
        UnreadableFile: It is broken, needs a password, or has no text.
    """
    from pypdf import PdfReader

    try:
        pdf = PdfReader(io.BytesIO(content))
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise UnreadableFile("needs a password")
        texts = [page.extract_text() for page in pdf.pages]
        title, metadata = _described(pdf)
    except (UnreadableFile, MemoryError, RecursionError, ImportError):
        raise
    except Exception as error:
        raise UnreadableFile("broken PDF file") from error
    if not any(text.strip() for text in texts):
        raise UnreadableFile("no text in it: a PDF file of pictures")
    for number, text in enumerate(texts, 1):
        if text.strip():
            about = {**metadata, "page": number, "pages": len(texts)}
            yield Document(text, f"#page={number}", title, metadata=about)


def _described(pdf: Any) -> tuple[str, dict[str, Any]]:
    about = pdf.metadata
    if about is None:
        return "", {}
    found = {"author": about.author, "date": _date(about)}
    title = " ".join(str(about.title or "").split())
    return title, {name: str(value) for name, value in found.items() if value}


def _date(about: Any) -> str | None:
    """When it was last changed; dates are often written wrongly, which is no reason to lose the text."""
    for name in ("modification_date", "creation_date"):
        try:
            found = getattr(about, name)
        except ValueError:
            continue
        if found:
            return str(found.isoformat())
    return None
