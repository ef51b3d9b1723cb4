"""How well the index answers questions with known answers: documents ranked by their best chunk."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simsearch.errors import InputError
from simsearch.storage.door import Reader

DEPTH = 1000

Rank = Callable[[str], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an index scored.

    Args:
        measures: Measure to mean over the questions, 0 to 1.
        queries: How many questions were judged.
        per_query: Measure values of each question by its id.
    """

    measures: Mapping[str, float]
    queries: int
    per_query: Mapping[str, Mapping[str, float]]


def read_queries(path: Path) -> dict[str, str]:
    """Questions by id, from a .jsonl file of `_id` (or `id`) and `text`, or a .tsv of id and text.

    Raises:
        InputError: A row is no question.
    """
    rows = [line for line in _text(path).split("\n") if line.strip()]
    if path.suffix == ".jsonl":
        return dict(_json_query(path, number, row) for number, row in enumerate(rows, 1))
    return dict(_tab_row(path, number, row, 2) for number, row in enumerate(rows, 1))


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
        if number == 1 and not grade.lstrip("-").isdigit():
            continue
        if not grade.lstrip("-").isdigit():
            raise InputError(f"{path}, row {number}: the grade '{grade}' is not a whole number.")
        judged.setdefault(query, {})[document] = int(grade)
    return judged


def evaluate(
    queries: Mapping[str, str],
    judgements: Mapping[str, Mapping[str, int]],
    reader: Reader,
    rank: Rank,
    measures: Sequence[str],
) -> Evaluation:
    """Ask every judged question and measure the documents found.

    Args:
        rank: Chunk numbers for a question's text, best first.
        measures: Names that ir-measures knows, such as nDCG@10.

    Raises:
        InputError: A measure is unknown, or no question has a judgement.
    """
    import ir_measures

    asked = {
        query: text
        for query, text in queries.items()
        if any(g > 0 for g in judgements.get(query, {}).values())
    }
    if not asked:
        raise InputError(
            "None of the questions has a judgement: the ids in the two files have nothing in common."
        )
    wanted = [_measure(name) for name in measures]
    run = {query: _documents(reader, rank(text)) for query, text in asked.items()}
    judged = {query: dict(judgements[query]) for query in asked}
    per_query: dict[str, dict[str, float]] = {query: {} for query in asked}
    for metric in ir_measures.iter_calc(wanted, judged, run):
        per_query[metric.query_id][str(metric.measure)] = float(metric.value)
    means = {
        str(measure): sum(values.get(str(measure), 0.0) for values in per_query.values()) / len(asked)
        for measure in wanted
    }
    return Evaluation(means, len(asked), per_query)


def _documents(reader: Reader, chunks: Sequence[int]) -> dict[str, float]:
    """Document ids in the order of their best chunk, with scores that keep that order."""
    ids = dict.fromkeys(record.id for record in reader.chunks(chunks))
    return {document: -float(place) for place, document in enumerate(ids)}


def _measure(name: str) -> Any:
    import ir_measures

    try:
        return ir_measures.parse_measure(name)
    except (NameError, ValueError, SyntaxError) as error:
        raise InputError(f"'{name}' is no measure; write it as nDCG@10, R@100 or RR.") from error


def _json_query(path: Path, number: int, row: str) -> tuple[str, str]:
    try:
        item = json.loads(row)
        return str(item.get("_id", item.get("id"))), str(item["text"])
    except (ValueError, KeyError, AttributeError) as error:
        raise InputError(f"{path}, row {number}: a question is a JSON object with _id and text.") from error


def _tab_row(path: Path, number: int, row: str, cells: int) -> tuple[str, str]:
    parts = row.split("\t")
    if len(parts) != cells:
        raise InputError(f"{path}, row {number}: a question is its id, a tab, and its text.")
    return parts[0], parts[1]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text.") from error
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
