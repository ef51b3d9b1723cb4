"""Tables and corpora: a row of a .jsonl, .csv or .tsv file is a document, all of whose columns are searched."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from simsearch import Document, UnreadableFile
from simsearch.builtin.readers.json_values import json_lines, keep_every_value
from simsearch.builtin.readers.preamble import split_preamble
from simsearch.decoding import decode_with_notices
from simsearch.errors import TableError
from simsearch.noise import is_encoded_data
from simsearch.tables.dialects import SEPARATORS
from simsearch.tables.rows import TextTable, decode_table, looks_like_data, parse_json, read_table
from simsearch.types import Reader
from simsearch.wording import counted

IDS = ("_id", "id")
TITLES = ("title",)
TEXTS = ("text", "body", "content", "passage")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_NO_TEXT = re.compile(r"\w+:/\S*|[\w.+-]*[\d_][\w.+-]*|true|false", re.IGNORECASE)
"""Addresses, names for programs and codes."""

Row = Mapping[str, Any]


class Rows(NamedTuple):
    """The rows of a file.

    Args:
        rows: As they come.
        above: The text above them, which belongs to no row.
        notices: What was guessed.
    """

    rows: Iterator[Row]
    above: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentColumns:
    """Which columns of a row are its id, its title and its text; empty names leave it to what is there."""

    id: str = ""
    title: str = ""
    text: str = ""

    def document(self, number: int, row: Row) -> Document:
        """A row as a document. Its text is that of its text column, unless that was named with the words of all
        others below it; where there is none, all columns are its text, one a line.

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
        text = _shown(row[text_column]).strip("\n") if text_column else ""
        wanted = is_text if not self.text else lambda value: False
        others_shown = _listing(others, wanted) if text.strip() else _listing(others)
        return Document(
            "\n\n".join(filter(str.strip, (text, others_shown))),
            id=_shown(row[id_column]) if id_column else "",
            title=" ".join(_shown(row[title_column]).split()) if title_column else "",
            metadata=others,
            notices=tuple(
                f"left out: the encoded data in the column '{name}'"
                for name, value in others.items()
                if isinstance(value, str) and is_encoded_data(value)
            ),
        )


def is_text(value: Any) -> bool:
    """Whether a cell holds words for people, not a number, an address or a name for programs."""
    if isinstance(value, Mapping | list):
        return True
    return isinstance(value, str) and bool(_WORDS.search(value)) and not _NO_TEXT.fullmatch(value.strip())


def rows_reader(read_rows: Callable[[bytes, str], Rows], columns: DocumentColumns, encoding: str) -> Reader:
    """A reader of files whose rows `read_rows` makes of their bytes and their encoding."""

    def read(path: Path, content: bytes) -> Iterator[Document]:
        try:
            rows, above, notices = read_rows(content, encoding)
            if above:
                yield Document(above, id="#above", notices=notices)
            for number, row in enumerate(rows, 1):
                document = columns.document(number, row)
                first = number == 1 and not above
                yield replace(document, notices=(*notices, *document.notices)) if first else document
        except TableError as error:
            hint = f" (with the reader's {error.option})" if error.option else ""
            raise UnreadableFile(f"{error}{hint}") from error

    return read


def jsonl_rows(content: bytes, encoding: str) -> Rows:
    """A JSON object a line; empty lines are passed over, and so are lines that are broken, if most are not."""
    text, notices = _decoded(content, encoding)
    rows, broken = _json_objects(text)
    if broken and len(broken) >= len(rows):
        raise next(iter(broken.values()))
    return Rows(iter(rows), notices=(*notices, *_about_broken(broken)))


def csv_rows(content: bytes, encoding: str) -> Rows:
    """Separated values, with the separator that splits all rows alike."""
    return _table_rows(content, encoding, SEPARATORS)


def tsv_rows(content: bytes, encoding: str) -> Rows:
    """Tab-separated values."""
    return _table_rows(content, encoding, ("\t",))


ROWS = {"jsonl": jsonl_rows, "csv": csv_rows, "tsv": tsv_rows}
"""What makes the rows of each format."""


def _json_objects(text: str) -> tuple[list[Row], dict[int, UnreadableFile | TableError]]:
    """The objects of the lines, and by number what is wrong with the others."""
    rows: list[Row] = []
    broken: dict[int, UnreadableFile | TableError] = {}
    for number, line in enumerate(text.split("\n"), 1):
        try:
            row = (
                parse_json(line, number, constant=lambda name: None, objects=keep_every_value)
                if line.strip()
                else None
            )
        except TableError as error:
            broken[number] = error
            continue
        if isinstance(row, dict):
            rows.append(row)
        elif line.strip():
            broken[number] = UnreadableFile(f"row {number} is not a JSON object")
    return rows, broken


def _about_broken(broken: Mapping[int, Exception]) -> tuple[str, ...]:
    if not broken:
        return ()
    first, *others = broken
    lines = f"line {first}" + (f" and {counted(len(others), 'other', 'others')}" if others else "")
    return (f"{counted(len(broken), 'line is', 'lines are')} not a JSON object and not read: {lines}",)


def _table_rows(content: bytes, encoding: str, separators: Sequence[str]) -> Rows:
    text, notices = _decoded(content, encoding)
    above, text = split_preamble(text, separators)
    data = text.encode()
    try:
        table = read_table(data, separators=separators)
    except TableError as error:
        if not error.option.startswith("quotes="):
            raise
        table = read_table(data, separators=separators, quotes="none")
        notices = (
            *notices,
            f"row {error.row}: a quotation mark is not closed; all quotation marks are read as text",
        )
    has_names = bool({*table.names} & {*IDS, *TITLES, *TEXTS}) or not (
        looks_like_data(table.names, table.cells()) or next(iter(table.cells()), None) is None
    )
    names = _distinct(table.names) if has_names else _numbered(table.names)
    return Rows(_named(table, names, with_first=not has_names), above, notices)


def _named(table: TextTable, names: Sequence[str], with_first: bool) -> Iterator[Row]:
    """The rows with the names of their columns; a cell beyond them has the number of its column."""
    named = set(names)
    for _, cells in table.cells(with_first):
        beyond = [f"column {place}" for place in range(len(names) + 1, len(cells) + 1)]
        yield {
            name: cell
            for name, cell in zip((*names, *beyond), cells, strict=False)
            if name in named or cell.strip()
        }


def _decoded(content: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    return (decode_table(content, encoding), ()) if encoding else decode_with_notices(content)


def _numbered(names: Sequence[str]) -> list[str]:
    return [f"column {place}" for place, _ in enumerate(names, 1)]


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of columns, a later one of the same name with its number."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name} {seen[name]}" if seen[name] > 1 else name)
    return found


def _find(number: int, row: Row, wanted: str, known: tuple[str, ...]) -> str | None:
    if wanted and wanted not in row:
        raise UnreadableFile(f"row {number} has no column '{wanted}'. Its columns are: {', '.join(row)}")
    return wanted or next((name for name in known if name in row), None)


def _listing(row: Row, wanted: Callable[[Any], bool] = lambda value: True) -> str:
    """The cells that are wanted, each with the name of its column."""
    return "\n".join(line for name, value in row.items() if wanted(value) for line in json_lines(value, name))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
