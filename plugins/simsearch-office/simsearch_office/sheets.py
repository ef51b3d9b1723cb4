"""Excel: a sheet a document, a row a line below the header, which chunks repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from simsearch import Document
from simsearch.tables import table_text
from simsearch_office.packages import described, opened


def read_sheets(path: Path, content: bytes) -> Iterator[Document]:
    """The sheets that have cells with values; formulas count as what they last came to.

    Raises:
        UnreadableFile: It is broken or encrypted.
    """
    import openpyxl

    with opened(content, "Excel") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        metadata = described(book.properties)
        title = " ".join((book.properties.title or "").split())
        documents = [
            Document(
                table_text(list(_rows(sheet.iter_rows(values_only=True)))),
                f"#sheet={sheet.title}",
                title or sheet.title,
                metadata={**metadata, "sheet": sheet.title},
            )
            for sheet in book.worksheets
        ]
    yield from (document for document in documents if document.text)


def _rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[str]]:
    """Rows as words, without the empty cells at their ends."""
    for row in rows:
        cells = [_shown(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield cells


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return " ".join(str(value).split())
