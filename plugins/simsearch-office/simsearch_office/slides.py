"""PowerPoint: a slide a document, with the speaker's notes below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from simsearch import Document, Heading
from simsearch.tables import table_text
from simsearch_office.packages import described, opened

GAP = "\n\n"


def read_slides(path: Path, content: bytes) -> Iterator[Document]:
    """The slides that have text; `slide` counts from 1.

    Raises:
        UnreadableFile: It is broken or encrypted.
    """
    import pptx

    with opened(content, "PowerPoint") as file:
        deck = pptx.Presentation(file)
        metadata = described(deck.core_properties)
        documents = [_document(number, slide, metadata) for number, slide in enumerate(deck.slides, 1)]
    yield from (document for document in documents if document.text)


def _document(number: int, slide: Any, metadata: dict[str, Any]) -> Document:
    shape = slide.shapes.title
    title = " ".join(shape.text_frame.text.split()) if shape is not None else ""
    others = (text for text in _texts(slide.shapes, shape) if text.strip())
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    spoken = notes.text.strip() if notes is not None else ""
    text = GAP.join(filter(None, [title, *others, spoken]))
    headings = (Heading(0, 1, title),) if title else ()
    return Document(text, f"#slide={number}", title, headings, {**metadata, "slide": number})


def _texts(shapes: Iterable[Any], title: Any) -> Iterator[str]:
    for shape in shapes:
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if hasattr(shape, "shapes"):
            yield from _texts(shape.shapes, None)
        elif shape.has_text_frame:
            yield shape.text_frame.text.replace("\v", "\n").strip()
        elif getattr(shape, "has_table", False):
            yield table_text(
                [[" ".join(cell.text.split()) for cell in row.cells] for row in shape.table.rows]
            )
