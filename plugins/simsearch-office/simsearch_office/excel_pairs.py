"""Pairs from Excel files: the rows of a sheet below the names of their columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from simsearch import Document, InputError, PairFile, UnreadableFile
from simsearch.errors import TableError
from simsearch.isolation import in_worker
from simsearch.pair_tables import FileRows, NamedColumns, Read, pair_reader, rows_under_names


def read_cells(path: Path, content: bytes) -> Iterator[Document]:
    """The cells of each sheet that isn't hidden, as JSON: rows of a number and texts by column, null for a formula
    without a stored result."""
    from simsearch_office.ooxml.packages import opened
    from simsearch_office.sheets.workbook import Workbook

    with opened(content, "Excel") as package:
        for entry, sheet in Workbook(package).sheets():
            if (entry.get("state") or "visible") == "visible":
                rows = [
                    (row.number + 1, {c.column: None if c.uncalculated else c.text for c in row.cells})
                    for row in sheet.rows()
                ]
                yield Document(json.dumps(rows), title=entry.get("name") or "")


def excel_pair_reader(named: NamedColumns, sheet: str) -> Read:
    """A reader of the rows of a sheet.

    Args:
        named: What to take each column for.
        sheet: The name of the sheet; empty for the first one that has rows.
    """
    read_workbook = in_worker(read_cells)
    others: list[str] = []

    def rows(path: Path) -> FileRows:
        try:
            sheets = [
                document for document in read_workbook(path, path.read_bytes()) if document.text != "[]"
            ]
        except (UnreadableFile, OSError) as error:
            raise InputError(f"{path} can't be read: {error}.") from error
        chosen = next((one for one in sheets if sheet in ("", one.title)), None)
        if chosen is None:
            names = ", ".join(one.title for one in sheets) or "none"
            raise InputError(f"{path} has no sheet '{sheet}' with rows. The sheets with rows are: {names}.")
        others[:] = [one.title for one in sheets if one is not chosen and not sheet]
        return _named_rows(chosen.text, named)

    def read(path: Path) -> PairFile:
        file = pair_reader(rows, named)(path)
        return replace(file, notes=(*file.notes, *_about(others)))

    return read


def _named_rows(sheet: str, named: NamedColumns) -> FileRows:
    listed = json.loads(sheet)
    pending = next((number for number, cells in listed if None in cells.values()), None)
    if pending is not None:
        raise TableError(
            "a formula has no stored result; open the file in a spreadsheet program and save it", pending
        )
    rows = [(number, cells) for number, cells in listed if any(map(str.strip, cells.values()))]
    places = sorted({int(place) for _, cells in rows for place in cells})
    columns = range(places[0], places[-1] + 1) if places else range(0)
    numbered = [(number, [cells.get(str(place), "") for place in columns]) for number, cells in rows]
    first = numbered[0][1] if rows else []
    names = [text.strip() or f"column {place}" for place, text in enumerate(first, 1)]
    return rows_under_names(names, numbered, named)


def _about(others: list[str]) -> tuple[str, ...]:
    listed = ", ".join(f"'{name}'" for name in others)
    return (
        (f"Only the first sheet with rows is read, not {listed}; --columns sheet=NAME reads another.",)
        if others
        else ()
    )
