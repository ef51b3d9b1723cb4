"""Word: a file a document, with its headings in place and its tables as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simsearch import Document, Heading
from simsearch.tables import table_text
from simsearch_office.packages import described, opened

GAP = "\n\n"
_HEADING = re.compile(r"heading (\d)$", re.IGNORECASE)


def read_word(path: Path, content: bytes) -> Iterator[Document]:
    """Paragraphs and tables in order.

    Raises:
        UnreadableFile: It is broken or encrypted.
    """
    import docx

    with opened(content, "Word") as file:
        word = docx.Document(file)
        parts: list[str] = []
        headings: list[Heading] = []
        length = 0
        for block in word.iter_inner_content():
            text = block.text if hasattr(block, "text") else _table(block)
            if not text.strip():
                continue
            if level := _level(block):
                headings.append(Heading(length, level, " ".join(text.split())))
            parts.append(text)
            length += len(text) + len(GAP)
        properties = word.core_properties
        title = " ".join((properties.title or "").split()) or (headings[0].text if headings else "")
        document = Document(GAP.join(parts), "", title, tuple(headings), described(properties))
    yield document


def _level(block: Any) -> int:
    """1 to 9 for a heading, 0 for any other block."""
    style = getattr(block, "style", None)
    name = (style.name or "") if style is not None and hasattr(block, "text") else ""
    found = _HEADING.match(name)
    return int(found[1]) if found else int(name == "Title")


def _table(table: Any) -> str:
    rows = [[" ".join(cell.text.split()) for cell in _distinct(row.cells)] for row in table.rows]
    return table_text(rows)


def _distinct(cells: Any) -> list[Any]:
    """Cells, but for the repetitions of one that spans several columns."""
    return [cell for place, cell in enumerate(cells) if not place or cell._tc is not cells[place - 1]._tc]
