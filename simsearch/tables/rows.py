"""Tables of text and JSON to numbered rows, for pairs, documents and judgements alike."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from simsearch.decoding import decode_unicode, guess_encoding
from simsearch.errors import TableError, UnreadableFile
from simsearch.tables.dialects import SAMPLE, SEPARATORS, Dialect, Quotes, find_dialect, read_records
from simsearch.wording import counted

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE | re.DOTALL)
_VALUE = re.compile(
    r"[-+(]?[\d.,\s]*\d[\d.,\s]*[)%€$£]?|https?://\S+|\S+@\S+\.\w+|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|true|false",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(19|20)\d\d")
SAMPLE_BYTES = 20_000
"""Bytes from which an encoding is guessed."""
LONGEST_NAME = 6
"""Words; a longer cell in the first row is rather a text than the name of a column."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as its file has it.

    Args:
        names: The cells of its first row, which may be names of columns or data; an empty one is `column N`.
        header: The line that they are on.
        dialect: How its cells are separated and quoted.
        lines: Its lines, the first row's first.
    """

    names: tuple[str, ...]
    header: int
    dialect: Dialect
    lines: Sequence[str]

    def rows(
        self, names: Sequence[str] = (), with_first: bool = False
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows below the first, each with the line it begins on; a cell that is missing at its end has no entry.

        Args:
            names: Names of the columns; by default the cells of the first row.
            with_first: Whether the first row is data.

        Raises:
            TableError: A row has more cells than there are names.
        """
        names = names or self.names
        for number, cells in self.cells(with_first):
            yield number, name_cells(number, cells, names)

    def cells(self, with_first: bool = False) -> Iterator[tuple[int, list[str]]]:
        """The cells of each row that has any, with the line it begins on."""
        records = read_records(self.lines, self.dialect, self.header)
        if not with_first:
            next(records, None)
        return ((record.number, record.cells) for record in records if self._has_any(record.cells))

    def _has_any(self, cells: Sequence[str]) -> bool:
        """Whether a row is not empty; a quoted separator may be two cells with lone quotation marks, so it counts."""
        return any(cell.strip() or self.dialect.separator in cell for cell in cells)


def name_cells(number: int, cells: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The cells of a row by the names of their columns; one that is missing at its end has no entry.

    Raises:
        TableError: There are more cells than names, or they are the names once more.
    """
    if any(cell.strip() for cell in cells[len(names) :]):
        named = counted(len(names), "column name", "column names")
        raise TableError(
            f"{len(cells)} cells under {named}; put a text that holds the separator in double quotes, and leave out "
            "what stands above the names of the columns",
            number,
        )
    if len(names) > 1 and [cell.strip() for cell in cells] == [*names]:
        raise TableError("the names of the columns come again; remove this row", number)
    return dict(zip(names, cells, strict=False))


def read_table(
    content: bytes,
    *,
    encoding: str = "",
    separators: Sequence[str] = SEPARATORS,
    quotes: Quotes | None = None,
) -> TextTable:
    """A table of text, with its dialect found from all its rows.

    Lines above the header that are empty, start with `#` or name the separator (`sep=;`) are passed over.

    Args:
        encoding: Its encoding, where it is neither UTF-8 nor marked by a byte order mark.
        separators: Those it may have.
        quotes: How it quotes; None finds out.

    Raises:
        TableError: It can't be decoded, or its quotation marks can be read in two ways.
    """
    lines = list(io.StringIO(decode_table(content, encoding), newline=""))
    first = 0
    while first < len(lines) and not lines[first].strip():
        first += 1
    if first < len(lines) and (said := _SEPARATOR_LINE.fullmatch(lines[first])):
        separators, first = (said[1],), first + 1
    header = first
    while header < len(lines) and (not lines[header].strip() or lines[header].startswith("#")):
        header += 1
    dialect = find_dialect(lines[header:], header + 1, separators, quotes)
    start = _first_row(lines, first, header, dialect)
    names = next(read_records(lines[start:], dialect, start + 1)).cells if start < len(lines) else []
    while names and not names[-1].strip():
        names.pop()
    named = tuple(name.strip() or f"column {place}" for place, name in enumerate(names, 1))
    return TextTable(named, start + 1, dialect, lines[start:])


def _first_row(lines: Sequence[str], first: int, header: int, dialect: Dialect) -> int:
    """Where the rows begin: a line that starts with `#` may be the header, or a row, if it has as many cells."""
    width = lines[header].count(dialect.separator) if header < len(lines) else 0
    for place in range(first, header):
        if lines[place].startswith("#") and lines[place].count(dialect.separator) == width > 0:
            return place
    return header


def decode_table(content: bytes, encoding: str = "") -> str:
    """The text of a table or of JSON.

    Args:
        encoding: Its encoding; by default UTF-8, or what a byte order mark says.

    Raises:
        TableError: It is in another encoding; names the row and the encoding that it probably has.
    """
    try:
        return str(content, encoding) if encoding else decode_unicode(content)
    except LookupError:
        raise TableError(
            f"'{encoding}' is not a known encoding; common ones are cp1252, latin-1 and utf-16"
        ) from None
    except UnicodeDecodeError as error:
        raise TableError(f"this is not {encoding} text", content[: error.start].count(b"\n") + 1) from error
    except UnreadableFile as error:
        raise _other_encoding(content) from error


def _other_encoding(content: bytes) -> TableError:
    if content[:SAMPLE_BYTES].count(0) > len(content[:SAMPLE_BYTES]) // 10:
        even = content[:SAMPLE_BYTES:2].count(0) > content[1:SAMPLE_BYTES:2].count(0)
        name = "utf-16-be" if even else "utf-16-le"
        return TableError(
            "this is a binary file, or UTF-16 without a byte order mark", 1, option=f"encoding={name}"
        )
    if b"\0" in content:
        return TableError("there is a NUL byte, which no text has", _row_at(content, content.index(b"\0")))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        sample = content[max(error.start - SAMPLE_BYTES, 0) : error.start + SAMPLE_BYTES]
        name = guess_encoding(sample).lower().replace("windows-", "cp")
        return TableError(
            f"this is not UTF-8 text{f', but probably {name}' * bool(name)}; save it as UTF-8, or name its encoding",
            _row_at(content, error.start),
            option=f"encoding={name or 'NAME'}",
        )
    return TableError("this is not text in the encoding that its first bytes declare", 1)


def _row_at(content: bytes, place: int) -> int:
    return len(re.split(rb"\r\n|\r|\n", content[:place]))


def looks_like_data(names: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> bool:
    """Whether the first row holds data in place of the names of columns: a number, a date or an address, a sentence
    above sentences, or a word that its column has again.

    Args:
        names: Its cells.
        rows: The numbered rows below it.
    """
    sample = [cells for _, cells in islice(rows, SAMPLE)]
    for place, name in enumerate(names):
        below = [cells[place].strip() for cells in sample if len(cells) > place]
        if _VALUE.fullmatch(name) and not _YEAR.fullmatch(name):
            return True
        if name in below or (_is_sentence(name) and sum(map(_is_sentence, below)) > len(below) / 2):
            return True
    return False


def _is_sentence(text: str) -> bool:
    return (
        len(text.split()) > LONGEST_NAME
        or (" " in text and text[-1] in ".?!")
        or (text != "" and text[-1] in "。？！")
    )


def read_json_lines(
    content: bytes,
    *,
    encoding: str = "",
    objects: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Iterator[tuple[int, Any]]:
    """The value of each line that isn't empty, with its number.

    Args:
        encoding: As of read_table.
        objects: Makes an object of its names and values; by default the last value of a name counts.

    Raises:
        TableError: A line is not JSON.
    """
    for number, line in enumerate(io.StringIO(decode_table(content, encoding), newline="\n"), 1):
        if line.strip():
            yield number, parse_json(line, number, objects=objects)


def read_json_values(content: bytes, *, encoding: str = "") -> list[tuple[int, Any]]:
    """The value of each line with its number, or the one value of a file that is written over several lines.

    Args:
        encoding: As of read_table.

    Raises:
        TableError: It is neither, or an object has a name twice.
    """
    try:
        return list(read_json_lines(content, encoding=encoding, objects=_distinct))
    except TableError as error:
        if not isinstance(error.__cause__, json.JSONDecodeError):
            raise
        try:
            return [(1, parse_json(decode_table(content, encoding), None, objects=_distinct))]
        except TableError as whole:
            several = (
                isinstance(whole.__cause__, json.JSONDecodeError) and whole.__cause__.msg == "Extra data"
            )
            raise error if several else whole from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, if no name is in it twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        name, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise TableError(f"an object has '{name}' twice; rename or remove one")
    return found


def parse_json(
    text: str,
    row: int | None,
    constant: Callable[[str], Any] = float,
    objects: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Any:
    """A JSON value.

    Args:
        row: Its place in a file, for the error; None if it is the whole file.
        constant: Reads NaN and Infinity, which JSON doesn't have.
        objects: As of read_json_lines.

    Raises:
        TableError: It is not JSON.
    """
    try:
        return json.loads(text, parse_constant=constant, object_pairs_hook=objects)
    except TableError as error:
        raise TableError(error.reason, row) from error
    except json.JSONDecodeError as error:
        whole = "; each line must be one whole value" if row else ""
        raise TableError(f"this is not valid JSON ({error.msg}){whole}", row or error.lineno) from error
    except (ValueError, RecursionError) as error:  # too many digits, too deep
        raise TableError("this is not valid JSON, or nested too deeply", row) from error
