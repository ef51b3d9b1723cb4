"""Tables and corpora: a row of a .jsonl, .csv or .tsv file is a document."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simsearch import Document, UnreadableFile
from simsearch.decoding import decode

IDS = ("_id", "id")
TITLES = ("title",)
TEXTS = ("text", "body", "content", "passage")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentColumns:
    """Which columns of a row are its id, its title and its text; empty names leave it to what is there."""

    id: str = ""
    title: str = ""
    text: str = ""

    def document(self, number: int, row: Row) -> Document:
        """A row as a document; without a text column, all columns are its text, one a line.

        Raises:
            UnreadableFile: A column that was named is not there.
        """
        id_column, title_column, text_column = (
            _find(number, row, wanted, known)
            for wanted, known in ((self.id, IDS), (self.title, TITLES), (self.text, TEXTS))
        )
        others = {
            name: value for name, value in row.items() if name not in (id_column, title_column, text_column)
        }
        return Document(
            _shown(row[text_column]) if text_column else _listing(others),
            id=_shown(row[id_column]) if id_column else "",
            title=" ".join(_shown(row[title_column]).split()) if title_column else "",
            metadata=others,
        )


def reader_of(rows: Callable[[bytes], Iterable[Row]]) -> Callable[..., Any]:
    """A reader component's `build` for a format whose rows `rows` makes of a file's bytes."""

    def build(text: str = "", title: str = "", id: str = "") -> Callable[[Path, bytes], Iterator[Document]]:
        columns = DocumentColumns(id, title, text)

        def read(path: Path, content: bytes) -> Iterator[Document]:
            return (columns.document(number, row) for number, row in enumerate(rows(content), 1))

        return read

    return build


def jsonl_rows(content: bytes) -> Iterator[Row]:
    """A JSON object a line; empty lines are passed over."""
    for number, line in enumerate(io.StringIO(decode(content), newline="\n"), 1):
        if line.strip():
            yield _json_object(number, line)


def csv_rows(content: bytes) -> Iterator[Row]:
    """Comma- or semicolon-separated values, names in the first row."""
    text = decode(content)
    header = text[: text.find("\n")] if "\n" in text else text
    return _table_rows(text, ";" if ";" in header and "," not in header else ",")


def tsv_rows(content: bytes) -> Iterator[Row]:
    """Tab-separated values, names in the first row."""
    return _table_rows(decode(content), "\t")


def _table_rows(text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(2**31 - 1)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = _distinct(next(lines, []))
        for cells in lines:
            if len(cells) > len(names):
                raise UnreadableFile(f"row {lines.line_num} has {len(cells)} cells under {len(names)} names")
            if any(cells):
                yield dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise UnreadableFile(f"row {lines.line_num}: {error}") from error


def _distinct(names: list[str]) -> list[str]:
    """Names of columns, a later one of the same name with its number."""
    places = [names[: place + 1].count(name) for place, name in enumerate(names)]
    return [f"{name} {place}" if place > 1 else name for name, place in zip(names, places, strict=True)]


def _json_object(number: int, line: str) -> Row:
    try:
        row = json.loads(line, parse_constant=lambda name: None)  # JSON has no NaN
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"line {number} is not JSON") from error
    if not isinstance(row, dict):
        raise UnreadableFile(f"line {number} is no JSON object")
    return row


def _find(number: int, row: Row, wanted: str, known: tuple[str, ...]) -> str | None:
    if wanted and wanted not in row:
        raise UnreadableFile(f"row {number} has no column '{wanted}'; it has: {', '.join(row)}")
    return wanted or next((name for name in known if name in row), None)


def _listing(row: Row) -> str:
    return "\n".join(f"{name}: {_shown(value)}" for name, value in row.items() if value not in (None, ""))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
