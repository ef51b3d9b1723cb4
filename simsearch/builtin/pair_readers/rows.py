"""Files of pairs to numbered rows: names and values, as .csv, .tsv, .json, .jsonl and .parquet have them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from simsearch import InputError

Row = tuple[int, Mapping[str, Any]]
"""A row's number, counted from 1 as an editor shows it, and its values by name."""


def csv_rows(path: Path) -> Iterator[Row]:
    text = _decode(path)
    header = text.partition("\n")[0]
    delimiter = next((sign for sign in (",", ";", "\t") if sign in header), ",")
    return _table_rows(path, text, delimiter)


def tsv_rows(path: Path) -> Iterator[Row]:
    return _table_rows(path, _decode(path), "\t")


def json_rows(path: Path) -> Iterator[Row]:
    try:
        items = json.loads(_decode(path) or "[]")
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: this is not JSON ({error.msg}).") from error
    if not isinstance(items, list):
        raise InputError(
            f"{path} holds {kind_of(items)}; it should be a list of [sentence, similar sentence]."
        )
    for number, item in enumerate(items, 1):
        yield number, _fields(path, number, item)


def jsonl_rows(path: Path) -> Iterator[Row]:
    for number, line in enumerate(_decode(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}, row {number}: this is not JSON ({error.msg}).") from error
        yield number, _fields(path, number, item)


def parquet_rows(path: Path) -> Iterator[Row]:
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        _demand_rows(path, file.schema_arrow.names, file.metadata.num_rows)
        number = 0
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors
        raise InputError(f"{path} can't be read as parquet: {str(error).rstrip('.')}.") from error


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    names = {
        dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "null",
        int: "a number", float: "a number",
    }  # fmt: skip
    return names.get(type(value), f"a {type(value).__name__}")


def _table_rows(path: Path, text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(2**31 - 1)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names, rows = next(lines, []), 0
        for cells in lines:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(names):
                    raise InputError(
                        f"{path}, row {lines.line_num}: {len(cells)} cells under {len(names)} column names; "
                        "put a text that holds the separator in double quotes."
                    )
                rows += 1
                yield lines.line_num, dict(zip(names, cells, strict=False))
        _demand_rows(path, names, rows)
    except csv.Error as error:
        raise InputError(f"{path}, row {lines.line_num}: {error}.") from error


def _demand_rows(path: Path, names: Sequence[str], rows: int) -> None:
    if names and not rows:
        raise InputError(f"{path} has the columns {', '.join(names)}, but no rows follow.")


def _decode(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise InputError(f"{path}, row {row}: this is not UTF-8 text; save the file as UTF-8.") from error


def _fields(path: Path, number: int, item: Any) -> Mapping[str, Any]:
    if isinstance(item, Mapping):
        return item
    if isinstance(item, list):
        if len(item) not in (2, 3) or not all(isinstance(text, str) for text in item[:2]):
            raise InputError(
                f"{path}, row {number}: a pair is a list of two texts, this has {len(item)} items."
            )
        return dict(zip(("anchor", "positive", "score"), item, strict=False))
    raise InputError(f"{path}, row {number}: a pair is two texts, this is {kind_of(item)}.")
