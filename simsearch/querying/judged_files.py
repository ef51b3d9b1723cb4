"""Read questions with known answers from files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simsearch.errors import InputError, TableError
from simsearch.tables.rows import decode_table, read_json_lines

_WHOLE = re.compile(r"-?\d+")
GRADES = ("grade", "score", "relevance", "rel", "label", "judgement", "judgment", "qrel", "value")
"""What a header row calls the column of grades."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Questions by id, and the grade of each judged document."""

    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, int]]


def read_judged(queries: Path, judgements: Path) -> Judged:
    """Read both files.

    Raises:
        InputError: A file can't be read, or a row is malformed.
    """
    return Judged(read_queries(queries), read_judgements(judgements))


def read_queries(path: Path) -> dict[str, str]:
    """Questions by id, from a .jsonl file of `_id` (or `id`) and `text`, or a .tsv of id and text.

    Raises:
        InputError: A row is not a question.
    """
    read = _read_json_queries if path.suffix == ".jsonl" else _read_tab_queries
    with _naming(path):
        return dict(read(path))


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """The judged documents of each question: tab-separated rows of query id, document id and grade, with or without a
    header row, or the four columns of TREC, separated by spaces.

    Raises:
        InputError: A row has other columns, or its grade is not a whole number.
    """
    judged: dict[str, dict[str, int]] = {}
    with _naming(path):
        for number, line in _lines(path):
            cells = line.split("\t") if "\t" in line else line.split()
            if len(cells) not in (3, 4):
                raise TableError(
                    f"expected the columns query, document, grade, found {len(cells)} columns", number
                )
            query, document, grade = cells[0], cells[-2], cells[-1].strip()
            if _WHOLE.fullmatch(grade):
                judged.setdefault(query, {})[document] = int(grade)
            elif number > 1 or grade.lower() not in GRADES:
                raise TableError(f"the grade '{grade}' is not a whole number", number)
    return judged


def _read_json_queries(path: Path) -> Iterator[tuple[str, str]]:
    for number, item in read_json_lines(path.read_bytes()):
        named = item if isinstance(item, dict) else {}
        query, text = named.get("_id", named.get("id")), named.get("text")
        if query is None or text is None:
            raise TableError("expected a JSON object with _id and text", number)
        yield str(query), str(text)


def _read_tab_queries(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in _lines(path):
        cells = line.split("\t")
        if len(cells) != 2:
            raise TableError("expected an id, a tab, and the text of a question", number)
        yield cells[0], cells[1]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that aren't blank, with their numbers."""
    for number, line in enumerate(decode_table(path.read_bytes()).split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Add the file's name to what is wrong with it.

    Raises:
        InputError: The file can't be read.
    """
    try:
        yield
    except TableError as error:
        raise InputError(f"{error.reason}.", path=path, row=error.row) from error
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
