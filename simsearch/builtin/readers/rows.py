"""Tables and corpora: a row of a .jsonl, .csv or .tsv file is a document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simsearch import Document, UnreadableFile
from simsearch.errors import TableError
from simsearch.tables.dialects import SEPARATORS
from simsearch.tables.rows import looks_like_data, read_json_lines, read_table

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


def reader_of(rows: Callable[[bytes, str], Iterable[Row]]) -> Callable[..., Any]:
    """A reader component's `build` for a format whose rows `rows` makes of a file's bytes and its encoding."""

    def build(
        text: str = "", title: str = "", id: str = "", encoding: str = ""
    ) -> Callable[[Path, bytes], Iterator[Document]]:
        columns = DocumentColumns(id, title, text)

        def read(path: Path, content: bytes) -> Iterator[Document]:
            try:
                for number, row in enumerate(rows(content, encoding), 1):
                    yield columns.document(number, row)
            except TableError as error:
                hint = f" (with the reader's {error.option})" if error.option else ""
                raise UnreadableFile(f"{error}{hint}") from error

        return read

    return build


def jsonl_rows(content: bytes, encoding: str) -> Iterator[Row]:
    """A JSON object a line; empty lines are passed over."""
    for number, row in read_json_lines(content, encoding=encoding, constant=lambda name: None):
        if not isinstance(row, dict):
            raise UnreadableFile(f"row {number} is not a JSON object")
        yield row


def csv_rows(content: bytes, encoding: str) -> Iterator[Row]:
    """Separated values, with the separator that splits all rows alike."""
    return _table_rows(content, encoding, SEPARATORS)


def tsv_rows(content: bytes, encoding: str) -> Iterator[Row]:
    """Tab-separated values."""
    return _table_rows(content, encoding, ("\t",))


def _table_rows(content: bytes, encoding: str, separators: Sequence[str]) -> Iterator[Row]:
    table = read_table(content, encoding=encoding, separators=separators)
    if not {*table.names} & {*IDS, *TITLES, *TEXTS} and looks_like_data(table):
        return (row for _, row in table.rows(_numbered(table.names), with_first=True))
    return (row for _, row in table.rows(_distinct(table.names)))


def _numbered(names: Sequence[str]) -> list[str]:
    return [f"column {place}" for place, _ in enumerate(names, 1)]


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of columns, a later one of the same name with its number."""
    places = [names[: place + 1].count(name) for place, name in enumerate(names)]
    return [f"{name} {place}" if place > 1 else name for name, place in zip(names, places, strict=True)]


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
