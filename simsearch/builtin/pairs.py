"""Built-in pair readers: .csv, .tsv, .json, .jsonl and .parquet.

A row is two texts by name (anchor and positive, question and answer, …) or, in JSON, a list of two.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simsearch import Component, InputError, Pair, hookimpl

# The names people give the two sides, the first that both are there wins.
SIDES = (
    ("anchor", "positive"),
    ("query", "positive"),
    ("question", "answer"),
    ("query", "document"),
    ("query", "passage"),
    ("query", "text"),
    ("sentence1", "sentence2"),
    ("sentence_1", "sentence_2"),
    ("sentence", "similar"),
    ("text1", "text2"),
    ("text_1", "text_2"),
    ("source", "target"),
)
SCORES = ("score", "similarity")
NEGATIVES = ("negative", "negatives")

Row = tuple[int, Mapping[str, Any]]


@hookimpl
def simsearch_pair_readers() -> list[Component]:
    def reader(name: str, ending: str, summary: str, rows: Callable[[Path], Iterable[Row]]) -> Component:
        def build(anchor: str = "", positive: str = "", score: str = "") -> Callable[[Path], Iterator[Pair]]:
            return lambda path: read_rows(path, rows(path), anchor, positive, score)

        return Component(name, summary, build, accepts=(ending,))

    return [
        reader("csv", ".csv", "Comma- or semicolon-separated, names in the first row", csv_rows),
        reader("tsv", ".tsv", "Tab-separated, names in the first row", tsv_rows),
        reader("json", ".json", "A list of [sentence, similar sentence] lists, or of objects", json_rows),
        reader("jsonl", ".jsonl", "A JSON object or list a line", jsonl_rows),
        reader("parquet", ".parquet", "A table with named columns", parquet_rows),
    ]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what."""

    anchor: str
    positive: str
    score: str | None
    negatives: tuple[str, ...]


def read_rows(path: Path, rows: Iterable[Row], anchor: str, positive: str, score: str) -> Iterator[Pair]:
    """Pairs from numbered rows; the columns are found by name, or are those that were named."""
    columns = None
    for number, row in rows:
        columns = columns or find_columns(path, list(row), anchor, positive, score)
        yield read_row(path, number, row, columns)


def find_columns(path: Path, names: Sequence[str], anchor: str, positive: str, score: str) -> Columns:
    """Which of a table's columns are the two sides, the score and the negatives.

    Raises:
        InputError: The columns named are not there, or none has a known name; names those there are.
    """
    by_name = {name.strip().lower(): name for name in names}
    wanted = ((anchor.lower(), positive.lower()),) if anchor or positive else SIDES
    for one, other in wanted:
        if one in by_name and other in by_name:
            scores = (score.lower(),) if score else SCORES
            negatives = tuple(
                name for low, name in by_name.items() if low in NEGATIVES or low.startswith("negative_")
            )
            found = next((by_name[name] for name in scores if name in by_name), None)
            if score and found is None:
                raise InputError(f"{path} has no column '{score}'; it has: {', '.join(names)}.")
            return Columns(by_name[one], by_name[other], found, negatives)
    raise InputError(
        f"{path} has no columns 'anchor' and 'positive'; it has: {', '.join(names) or 'none'}. Name them in "
        "the file, or say which they are with --columns anchor=NAME,positive=NAME."
    )


def read_row(path: Path, number: int, row: Mapping[str, Any], columns: Columns) -> Pair:
    """One pair.

    Raises:
        InputError: A text is missing or empty, or the score is no number; names file and row.
    """
    used = {columns.anchor, columns.positive, columns.score, *columns.negatives}
    negatives = [text for name in columns.negatives for text in _texts(row.get(name))]
    return Pair(
        anchor=_text(path, number, row, columns.anchor),
        positive=_text(path, number, row, columns.positive),
        negatives=tuple(text for text in negatives if text.strip()),
        score=_score(path, number, row.get(columns.score)) if columns.score else None,
        columns={name: value for name, value in row.items() if name not in used},
        source=str(path),
        row=number,
    )


def csv_rows(path: Path) -> Iterator[Row]:
    text = _decode(path)
    header = text.partition("\n")[0]
    return _table_rows(path, text, ";" if ";" in header and "," not in header else ",")


def tsv_rows(path: Path) -> Iterator[Row]:
    return _table_rows(path, _decode(path), "\t")


def json_rows(path: Path) -> Iterator[Row]:
    try:
        items = json.loads(_decode(path) or "[]")
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: this is not JSON ({error.msg}).") from error
    if not isinstance(items, list):
        raise InputError(f"{path} holds {_kind(items)}; it should be a list of [sentence, similar sentence].")
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
        batches = file.iter_batches()
        number = 0
        for batch in batches:
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors
        raise InputError(f"{path} can't be read as parquet: {error}.") from error


def _table_rows(path: Path, text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(2**31 - 1)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = next(lines, [])
        for cells in lines:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(names):
                    raise InputError(
                        f"{path}, row {lines.line_num}: {len(cells)} cells under {len(names)} column names; "
                        "put a text that holds the separator in double quotes."
                    )
                yield lines.line_num, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise InputError(f"{path}, row {lines.line_num}: {error}.") from error


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
    raise InputError(f"{path}, row {number}: a pair is two texts, this is {_kind(item)}.")


def _text(path: Path, number: int, row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        said = "is empty" if value is None or value == "" or isinstance(value, str) else f"is {_kind(value)}"
        raise InputError(f"{path}, row {number}: '{name}' {said}; a pair needs two texts.")
    return value


def _texts(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [text for text in value if isinstance(text, str)]
    return [value] if isinstance(value, str) else []


def _score(path: Path, number: int, value: Any) -> float:
    try:
        score = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{path}, row {number}: the score {value!r} is not a number.") from None
    if not math.isfinite(score):
        raise InputError(f"{path}, row {number}: the score is {score}; it must be a finite number.")
    return score


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "null"}
    return names.get(type(value), f"a {type(value).__name__}")
