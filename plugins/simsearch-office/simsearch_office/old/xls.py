"""Excel files from before 2007: a sheet is a document."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from simsearch import Document, UnreadableFile
from simsearch_office.flow import Block, Flow, counted, one_line
from simsearch_office.old.container import embedded, title_and_metadata, with_notices
from simsearch_office.old.records import count_without_result, sheet_words
from simsearch_office.ooxml.drawings import comment_block
from simsearch_office.sheets.cells import Cell
from simsearch_office.sheets.layout import Row, table_blocks
from simsearch_office.sheets.number_formats import GENERAL, shown_number, shown_text


def xls_documents(container: Any, content: bytes) -> Iterator[Document]:
    """The sheets that have text, with cells as they are displayed.

    Raises:
        UnreadableFile: It is encrypted.
    """
    import io

    import xlrd

    try:
        # What xlrd has to say of odd files is not for the user.
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise UnreadableFile("needs a password") from error
        raise
    title, metadata = title_and_metadata(container)
    stream = "Workbook" if container.exists("Workbook") else "Book"
    records = container.openstream(stream).read()
    words = dict(enumerate(sheet_words(records)))
    documents = []
    for number, sheet in enumerate(book.sheets()):
        flow = Flow()
        flow.add(_blocks(book, sheet))
        # Comments are boxes, too.
        flow.add(Block(text) for text in words.get(number, ()) if text not in flow.text)
        shown = f"{title}: {sheet.name}" if title else sheet.name
        about = {**metadata, "sheet": sheet.name, **({"hidden": True} if sheet.visibility else {})}
        documents.append(Document(flow.text, f"#sheet={sheet.name}", shown, metadata=about))
    found = [document for document in documents if document.text]
    empty = Document("", title=title, metadata=metadata, notices=("no text in it",))
    yield from with_notices(found or [empty], (*embedded(container), *_without_result(records)))


def _without_result(records: bytes) -> tuple[str, ...]:
    number = count_without_result(records)
    return (f"{counted(number, 'formula')} without a stored result: not read",) if number else ()


def _blocks(book: Any, sheet: Any) -> Iterator[Block]:
    rows = {}
    for number in range(sheet.nrows):
        cells = tuple(cell for cell in _cells(book, sheet, number) if cell.text)
        if cells:
            rows[number] = Row(number, cells)
    yield from table_blocks(list(rows.values()))
    for (number, _), note in sorted(sheet.cell_note_map.items()):
        about = f"{rows[number].cells[0].text}: " if number in rows else ""
        author = one_line(note.author or "")
        text = one_line(note.text).removeprefix(f"{author}:").strip()
        yield Block(about + comment_block(author, text).text)


def _cells(book: Any, sheet: Any, row: int) -> Iterator[Cell]:
    for column in range(sheet.row_len(row)):
        cell = sheet.cell(row, column)
        code = GENERAL
        with contextlib.suppress(IndexError, KeyError, TypeError):
            code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str or GENERAL
        yield Cell(column, one_line(_shown(book, cell, code)), cell.ctype == 1)


def _shown(book: Any, cell: Any, code: str) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return shown_text(cell.value, code)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    if cell.ctype not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return ""
    try:
        return shown_number(float(cell.value), code, since_1904=bool(book.datemode))
    except (ValueError, OverflowError, ArithmeticError):
        return str(cell.value)
