"""Files of pairs to numbered rows: names and values, as tables, JSON, Parquet and Arrow have them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from simsearch.builtin.pair_readers.containers import is_row, rows_of_items, rows_of_json
from simsearch.errors import TableError
from simsearch.pair_tables.file_columns import NamedColumns
from simsearch.pair_tables.file_rows import FileRows, file_rows
from simsearch.pair_tables.headers import check_columns, rows_under_names
from simsearch.tables.dialects import SEPARATORS, Quotes
from simsearch.tables.rows import read_json_values, read_table

BINARY_FILES = {
    b"\x1f\x8b": "a compressed file (.gz)",
    b"PK\x03\x04": "a ZIP archive or an Excel file (.xlsx)",
    b"PAR1": "a Parquet file (.parquet)",
}
OTHER_TEXTS = {
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"version https://git-lfs": "a pointer of Git LFS, not the file itself",
    b"[{": "JSON (.json)",
    b'{"': "JSON (.json or .jsonl)",
}
"""What files begin with that often have the wrong ending."""
COMPRESSED = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}


def read_content(path: Path) -> bytes:
    """The bytes of a file, uncompressed.

    Raises:
        TableError: It can't be read or uncompressed.
    """
    decompress = COMPRESSED.get(path.suffix.lower(), bytes)
    try:
        content = decompress(path.read_bytes())
    except (gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError, ValueError) as error:
        raise TableError("this is not a compressed file, or only a part of one") from error
    except OSError as error:
        raise TableError(f"it can't be read: {error.strerror or error}") from error
    _refuse(BINARY_FILES, content, "text")
    return content


def _refuse(kinds: Mapping[bytes, str], content: bytes, wanted: str) -> None:
    start = content[:100].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    kind = next((kind for begins, kind in kinds.items() if start.startswith(begins.lower())), None)
    if kind:
        raise TableError(f"this is not {wanted}, but {kind}; give it the ending of what it is")


def read_table_rows(
    path: Path,
    encoding: str,
    quotes: Quotes | None,
    named: NamedColumns,
    separators: Sequence[str] = SEPARATORS,
) -> FileRows:
    """The rows of a table of text.

    Args:
        named: The columns that a person named.
    """
    content = read_content(path)
    _refuse(OTHER_TEXTS, content, "a table of text")
    table = read_table(content, encoding=encoding, separators=separators, quotes=quotes)
    return rows_under_names(table.names, list(table.cells(with_first=True)), named)


def read_json_rows(path: Path, encoding: str) -> FileRows:
    """One value that holds rows in a usual shape, or an object or a list on each line."""
    values = read_json_values(read_content(path), encoding=encoding)
    return file_rows(rows_of_json(values[0][1]) if len(values) == 1 else rows_of_items(values))


def read_json_line_rows(path: Path, encoding: str) -> FileRows:
    """An object or a list on each line, or one list of them."""
    values = read_json_values(read_content(path), encoding=encoding)
    listed = len(values) == 1 and isinstance(values[0][1], list) and all(map(is_row, values[0][1]))
    return file_rows(rows_of_json(values[0][1]) if listed else rows_of_items(values))


def read_parquet_rows(path: Path) -> FileRows:
    """The rows of a Parquet file."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        names = file.schema_arrow.names
        rows = (row for batch in file.iter_batches() for row in batch.to_pylist())
        return _arrow_rows(names, rows)
    except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors
        raise TableError(f"it can't be read as parquet: {str(error).rstrip('.')}") from error


def read_arrow_rows(path: Path) -> FileRows:
    """The rows of an Arrow or Feather file."""
    import pyarrow

    try:
        with pyarrow.memory_map(str(path)) as source:
            table = _open_arrow(source)
            return _arrow_rows(table.column_names, iter(table.to_pylist()))
    except (OSError, ValueError) as error:
        raise TableError(f"it can't be read as Arrow: {str(error).rstrip('.')}") from error


def _open_arrow(source: Any) -> Any:
    import pyarrow

    try:
        return pyarrow.ipc.open_file(source).read_all()
    except ValueError:  # a stream, as datasets writes them
        source.seek(0)
        return pyarrow.ipc.open_stream(source).read_all()


def _arrow_rows(names: Sequence[str], rows: Iterator[Mapping[str, Any]]) -> FileRows:
    numbered = list(enumerate(rows, 1))
    check_columns(names, numbered)
    return file_rows(numbered)
