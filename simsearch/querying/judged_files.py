"""Questions with known answers, as files have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simsearch.errors import InputError, TableError
from simsearch.tables.rows import decode_table, read_json_lines

_WHOLE = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True)
class Judged:
    """Questions by id, and the grade of each document that was judged for one."""

    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, int]]


def read_judged(queries: Path, judgements: Path) -> Judged:
    """Both files.

    Raises:
        InputError: One can't be read, or a row is not what it should be.
    """
    return Judged(read_queries(queries), read_judgements(judgements))


def read_queries(path: Path) -> dict[str, str]:
    """Questions by id, from a .jsonl file of `_id` (or `id`) and `text`, or a .tsv of id and text.

    Raises:
        InputError: A row is not a question.
    """
    read = _json_queries if path.suffix == ".jsonl" else _tab_queries
    with _naming(path):
        return dict(read(path))


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Which documents answer each question: rows of query id, document id and grade, tab-separated, with or
    without a header row; TREC's four columns, separated by spaces, are taken too.

    Raises:
        InputError: A row has other columns, or its grade is not a whole number.
    """
    judged: dict[str, dict[str, int]] = {}
    with _naming(path):
        for number, line in _lines(path):
            cells = line.split("\t") if "\t" in line else line.split()
            if len(cells) not in (3, 4):
                raise TableError(
                    f"a judgement is query, document, grade; this has {len(cells)} cells", number
                )
            query, document, grade = cells[0], cells[-2], cells[-1].strip()
            if _WHOLE.fullmatch(grade):
                judged.setdefault(query, {})[document] = int(grade)
            elif number > 1:  # the first row may be a header
                raise TableError(f"the grade '{grade}' is not a whole number", number)
    return judged


def _json_queries(path: Path) -> Iterator[tuple[str, str]]:
    for number, item in read_json_lines(path.read_bytes()):
        named = item if isinstance(item, dict) else {}
        query, text = named.get("_id", named.get("id")), named.get("text")
        if query is None or text is None:
            raise TableError("a question is a JSON object with _id and text", number)
        yield str(query), str(text)


def _tab_queries(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in _lines(path):
        cells = line.split("\t")
        if len(cells) != 2:
            raise TableError("a question is its id, a tab, and its text", number)
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
        where = f"{path}, row {error.row}" if error.row else str(path)
        raise InputError(f"{where}: {error.reason}.") from error
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
