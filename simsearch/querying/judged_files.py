"""Questions with known answers, as files have them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simsearch.errors import InputError

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
        InputError: A row is no question.
    """
    read = _json_query if path.suffix == ".jsonl" else _tab_query
    rows = enumerate(_text(path).split("\n"), 1)
    return dict(read(path, number, row) for number, row in rows if row.strip())


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Which documents answer each question: rows of query id, document id and grade, tab-separated, with or
    without a header row; TREC's four columns are taken too.

    Raises:
        InputError: A row has no such columns, or its grade is no whole number.
    """
    judged: dict[str, dict[str, int]] = {}
    for number, row in enumerate(_text(path).split("\n"), 1):
        cells = row.split("\t") if "\t" in row else row.split()
        if not cells:
            continue
        if len(cells) not in (3, 4):
            raise InputError(
                f"{path}, row {number}: a judgement is query, document, grade; this has {len(cells)} cells."
            )
        query, document, grade = cells[0], cells[-2], cells[-1].strip()
        if not _WHOLE.fullmatch(grade):
            if number == 1:  # a header
                continue
            raise InputError(f"{path}, row {number}: the grade '{grade}' is not a whole number.")
        judged.setdefault(query, {})[document] = int(grade)
    return judged


def _json_query(path: Path, number: int, row: str) -> tuple[str, str]:
    try:
        item = json.loads(row)
    except ValueError:
        item = None
    named = item if isinstance(item, dict) else {}
    query, text = named.get("_id", named.get("id")), named.get("text")
    if query is None or text is None:
        raise InputError(f"{path}, row {number}: a question is a JSON object with _id and text.")
    return str(query), str(text)


def _tab_query(path: Path, number: int, row: str) -> tuple[str, str]:
    cells = row.split("\t")
    if len(cells) != 2:
        raise InputError(f"{path}, row {number}: a question is its id, a tab, and its text.")
    return cells[0], cells[1]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text.") from error
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
