"""Judgements as files: JSON Lines, CSV, and TREC qrels with their queries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from simsearch.errors import InputError, TableError
from simsearch.files import write_atomically
from simsearch.querying.judged_files import read_judged
from simsearch.tables.rows import read_json_lines, read_table
from simsearch.types import Judgement

COLUMNS = tuple(field.name for field in fields(Judgement))
QUESTION_NAMES = ("question", "query", "anchor")
DOCUMENT_NAMES = ("id", "document", "doc", "path")
VERDICT_NAMES = ("right", "grade", "relevance", "label", "score")

RIGHT = {"true", "yes", "right", "relevant", "y"}
WRONG = {"false", "no", "wrong", "irrelevant", "not relevant", "n"}


def read_judgement_file(path: Path, queries: Path | None = None) -> list[tuple[int, Judgement]]:
    """The judgements of a file, each with its row.

    A judgement names its document by `id`, `document` or `path`; whether the index has such a document is not known
    here. A grade above 0 is right; without a verdict a row is right.

    Args:
        path: .jsonl, .csv or .tsv with a question and a document per row; or qrels, if `queries` is given.
        queries: The questions of the qrels, as `evaluate` reads them.

    Raises:
        InputError: A row is not a judgement; names the file and the row.
    """
    if queries:
        return list(_qrels_rows(path, queries))
    rows = _ROWS.get(path.suffix.lower())
    if rows is None:
        raise InputError(
            f"{path} is not a file of judgements; use {', '.join(_ROWS)}, or TREC qrels together with --queries."
        )
    try:
        return [(number, _judgement(number, row)) for number, row in rows(path.read_bytes())]
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.") from error
    except TableError as error:
        raise InputError(f"{error.reason}.", path=path, row=error.row) from error


def write_judgement_file(path: Path, judgements: Sequence[Judgement]) -> None:
    """Write a .jsonl or .csv file that `read_judgement_file` reads back.

    Raises:
        InputError: The name has another ending.
    """
    rows = [asdict(judgement) for judgement in judgements]
    if path.suffix.lower() == ".jsonl":
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    elif path.suffix.lower() == ".csv":
        buffer = io.StringIO(newline="")
        writer = csv.DictWriter(buffer, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
        text = buffer.getvalue()
    else:
        raise InputError(f"{path} must end in .jsonl or .csv.")
    write_atomically(path, text.encode())


def _json_rows(content: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, value in read_json_lines(content):
        if not isinstance(value, dict):
            raise TableError("a judgement is a JSON object", number)
        yield number, value


def _table_rows(content: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    yield from read_table(content).rows()


_ROWS: dict[str, Callable[[bytes], Iterator[tuple[int, Mapping[str, Any]]]]] = {
    ".jsonl": _json_rows,
    ".csv": _table_rows,
    ".tsv": _table_rows,
}


def _qrels_rows(path: Path, queries: Path) -> Iterator[tuple[int, Judgement]]:
    judged = read_judged(queries, path)
    unknown = next((query for query in judged.judgements if query not in judged.queries), None)
    if unknown is not None:
        raise InputError(f"{path} judges the question '{unknown}', which {queries} does not have.")
    grades = (
        (query, document, grade)
        for query, row in judged.judgements.items()
        for document, grade in row.items()
    )
    for number, (query, document, grade) in enumerate(grades, 1):
        yield number, Judgement(judged.queries[query], document, document, grade > 0)


def _judgement(number: int, row: Mapping[str, Any]) -> Judgement:
    named = {str(name).strip().lower(): value for name, value in row.items()}
    question = _first(named, QUESTION_NAMES)
    document = _first(named, DOCUMENT_NAMES)
    if not question or not document:
        raise TableError(
            f"a judgement needs a {QUESTION_NAMES[0]} and a document (a column named {' or '.join(DOCUMENT_NAMES)})",
            number,
        )
    texts = {name: str(named.get(name) or "") for name in ("passage", "digest", "by", "when", "note")}
    path = str(named.get("path") or document)
    return Judgement(question, path, document, _verdict(number, named), rank=_rank(number, named), **texts)


def _first(named: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((text for name in names if (text := str(named.get(name) or "").strip())), "")


def _verdict(number: int, named: Mapping[str, Any]) -> bool:
    name = next((name for name in VERDICT_NAMES if named.get(name) not in (None, "")), None)
    if name is None:
        return True
    said = str(named[name]).strip().lower()
    if said in RIGHT or said in WRONG:
        return said in RIGHT
    try:
        return float(said) > 0
    except ValueError:
        raise TableError(
            f"the column '{name}' says '{named[name]}'; it should say true, false or a grade", number
        ) from None


def _rank(number: int, named: Mapping[str, Any]) -> int | None:
    said = str(named.get("rank") or "").strip()
    if not said:
        return None
    if not said.isdecimal() or int(said) < 1:
        raise TableError(f"the rank '{said}' is not a whole number of 1 or more", number)
    return int(said)
