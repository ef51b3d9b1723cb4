"""Files of pairs to numbered rows: names and values, as tables, JSON, Parquet and Arrow have them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from simsearch.builtin.pair_readers.containers import is_row, rows_of_items, rows_of_json
from simsearch.errors import TableError
from simsearch.pair_tables import names as known
from simsearch.pair_tables.file_rows import FileRows, file_rows
from simsearch.pair_tables.names import is_negative, partner, rank
from simsearch.tables.dialects import SEPARATORS, Quotes
from simsearch.tables.rows import TextTable, looks_like_data, read_json, read_json_lines, read_table

COMPRESSED = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}


def read_content(path: Path) -> bytes:
    """The bytes of a file, uncompressed.

    Raises:
        TableError: It can't be read or uncompressed.
    """
    try:
        content = path.read_bytes()
        decompress = COMPRESSED.get(path.suffix.lower())
        return decompress(content) if decompress else content
    except (gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError, ValueError) as error:
        raise TableError("this is not a compressed file, or only a part of one") from error
    except OSError as error:
        raise TableError(f"it can't be read: {error.strerror or error}") from error


def read_table_rows(
    path: Path,
    encoding: str,
    quotes: Quotes | None,
    chosen: Sequence[str],
    separators: Sequence[str] = SEPARATORS,
) -> FileRows:
    """The rows of a table of text.

    Args:
        chosen: Names of columns that a person gave.
    """
    table = read_table(read_content(path), encoding=encoding, separators=separators, quotes=quotes)
    without_header = not _has_header(table, chosen) and looks_like_data(table)
    names = [str(place) for place, _ in enumerate(table.names, 1)] if without_header else list(table.names)
    _refuse_repeated_names(names)
    rows = list(table.rows(names, with_first=without_header))
    if names and not rows:
        raise TableError(f"it has the columns {', '.join(names)}, but no rows follow")
    return FileRows(tuple(names), rows, without_header, table.header)


def read_json_line_rows(path: Path, encoding: str) -> FileRows:
    """One JSON object or list per line."""
    return file_rows(rows_of_items(read_json_lines(read_content(path), encoding=encoding)))


def read_json_rows(path: Path, encoding: str) -> FileRows:
    """A list of objects or lists, another usual shape of JSON, or an object a line."""
    content = read_content(path)
    try:
        value = read_json(content, encoding=encoding) if content.strip() else []
    except TableError:
        first = next((item for _, item in _lines_before_error(content, encoding)), None)
        if is_row(first):
            return read_json_line_rows(path, encoding)
        raise
    return file_rows(rows_of_json(value))


def _lines_before_error(content: bytes, encoding: str) -> Iterator[tuple[int, Any]]:
    try:
        yield from read_json_lines(content, encoding=encoding)
    except TableError:
        return


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
    _refuse_repeated_names(names)
    numbered = list(enumerate(rows, 1))
    if names and not numbered:
        raise TableError(f"it has the columns {', '.join(names)}, but no rows follow")
    return file_rows(numbered)


def _has_header(table: TextTable, chosen: Sequence[str]) -> bool:
    names = [name.lower() for name in table.names]
    if any(name.lower() in names for name in chosen if name):
        return True
    usual = (known.ANCHORS, known.POSITIVES, known.CLASSES)
    return any(
        is_negative(name) or partner(name) or any(rank(name, of) is not None for of in usual)
        for name in names
    )


def _refuse_repeated_names(names: Sequence[str]) -> None:
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise TableError(f"there are two columns called '{repeated[0]}'; rename one of them")
