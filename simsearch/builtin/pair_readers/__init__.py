"""Built-in pair readers: .csv, .tsv, .json, .jsonl and .parquet.

A row is two texts by name (anchor and positive, question and answer, …) or, in JSON, a list of two; or it is a text and
the label of its class, and two rows of a class make a pair.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simsearch import Component, InputError, Pair, hookimpl
from simsearch.builtin.pair_readers.rows import (
    Row,
    csv_rows,
    json_rows,
    jsonl_rows,
    kind_of,
    parquet_rows,
    tsv_rows,
)
from simsearch.utf8 import is_utf8

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
TEXTS = ("text", "sentence", "utterance", "query", "question")
LABELS = ("label", "class", "intent", "category")
SCORES = ("score", "similarity")
VERDICT = "label"
"""Whether two texts match, 0 or 1 or a number between; where it is anything else, it is a column like any other."""
NEGATIVES = ("negative", "negatives")


@hookimpl
def simsearch_pair_readers() -> list[Component]:
    def reader(name: str, ending: str, summary: str, rows: Callable[[Path], Iterable[Row]]) -> Component:
        def build(
            anchor: str = "", positive: str = "", score: str = "", label: str = ""
        ) -> Callable[[Path], Iterator[Pair]]:
            return lambda path: read_rows(path, rows(path), anchor, positive, score, label)

        return Component(name, summary, build, accepts=(ending,))

    return [
        reader("csv", ".csv", "Separated by commas, semicolons or tabs, names in the first row", csv_rows),
        reader("tsv", ".tsv", "Tab-separated, names in the first row", tsv_rows),
        reader("json", ".json", "A list of [sentence, similar sentence] lists, or of objects", json_rows),
        reader("jsonl", ".jsonl", "A JSON object or list a line", jsonl_rows),
        reader("parquet", ".parquet", "A table with named columns", parquet_rows),
    ]


@dataclass(frozen=True, slots=True)
class PairColumns:
    """Which columns hold what."""

    anchor: str
    positive: str
    score: str | None
    negatives: tuple[str, ...]


def read_rows(
    path: Path, rows: Iterable[Row], anchor: str, positive: str, score: str, label: str
) -> Iterator[Pair]:
    """Pairs from numbered rows; the columns are found by name, or are those that were named."""
    numbered = list(rows)
    if not numbered:
        return
    names = list(numbered[0][1])
    classes = label_columns(path, names, anchor, positive, label)
    if classes:
        yield from pairs_within_classes(path, numbered, *classes)
        return
    columns = find_columns(path, names, anchor, positive, score)
    if columns.score is None:
        columns = replace(columns, score=verdict_column(names, numbered))
    for number, row in numbered:
        yield read_row(path, number, row, columns)


def label_columns(
    path: Path, names: Sequence[str], anchor: str, positive: str, label: str
) -> tuple[str, str] | None:
    """The columns of texts and of their labels, where the file has those in place of pairs.

    Raises:
        InputError: A column that was named is not there.
    """
    by_name = {name.strip().lower(): name for name in names}
    for wanted in (anchor, label) if label else ():
        if wanted and wanted.lower() not in by_name:
            raise InputError(f"{path} has no column '{wanted}'; it has: {', '.join(names)}.")
    if positive or (anchor and not label) or any({*sides} <= {*by_name} for sides in SIDES):
        return None
    text = next((by_name[name] for name in ((anchor.lower(),) if anchor else TEXTS) if name in by_name), None)
    class_ = next(
        (by_name[name] for name in ((label.lower(),) if label else LABELS) if name in by_name), None
    )
    return (text, class_) if text and class_ else None


def verdict_column(names: Sequence[str], rows: Sequence[Row]) -> str | None:
    """The column that says of each pair whether its texts match; None where there is none."""
    found = next((name for name in names if name.strip().lower() == VERDICT), None)
    if found and all(_within_unit(row.get(found)) for _, row in rows):
        return found
    return None


def pairs_within_classes(path: Path, rows: Iterable[Row], text: str, label: str) -> list[Pair]:
    """Each text with the next of its class, so that a text stands in one pair: a ring would tie a class together,
    and no part of it could judge what another has trained. The last of an odd number goes with the one before; a
    text that is alone in its class goes with itself, which is found and told later.

    Raises:
        InputError: A text or a label is missing; names file and row.
    """
    waiting: dict[str, Pair] = {}
    before: dict[str, str] = {}
    pairs: list[Pair] = []
    for number, row in rows:
        said, class_ = _text(path, number, row, text), _label(path, number, row.get(label), label)
        columns = {name: value for name, value in row.items() if name != text}
        first = waiting.pop(class_, None)
        if first:
            pairs.append(replace(first, positive=said))
        else:
            waiting[class_] = Pair(said, said, columns=columns, source=str(path), row=number, label=class_)
            continue
        before[class_] = said
    alone = [replace(pair, positive=before.get(class_, pair.positive)) for class_, pair in waiting.items()]
    return sorted([*pairs, *alone], key=lambda pair: pair.row)


def find_columns(path: Path, names: Sequence[str], anchor: str, positive: str, score: str) -> PairColumns:
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
            return PairColumns(by_name[one], by_name[other], found, negatives)
    raise InputError(
        f"{path} has no columns 'anchor' and 'positive'; it has: {', '.join(names) or 'none'}. Name them in "
        "the file, or say which they are with --columns anchor=NAME,positive=NAME."
    )


def read_row(path: Path, number: int, row: Mapping[str, Any], columns: PairColumns) -> Pair:
    """One pair.

    Raises:
        InputError: A text is missing or empty, or the score is no number; names file and row.
    """
    used = {columns.anchor, columns.positive, columns.score, *columns.negatives}
    negatives = [
        _whole(path, number, name, text) for name in columns.negatives for text in _texts(row.get(name))
    ]
    return Pair(
        anchor=_text(path, number, row, columns.anchor),
        positive=_text(path, number, row, columns.positive),
        negatives=tuple(text for text in negatives if text.strip()),
        score=_score(path, number, row.get(columns.score)) if columns.score else None,
        columns={name: value for name, value in row.items() if name not in used},
        source=str(path),
        row=number,
    )


def _text(path: Path, number: int, row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        said = (
            "is empty" if value is None or value == "" or isinstance(value, str) else f"is {kind_of(value)}"
        )
        raise InputError(f"{path}, row {number}: '{name}' {said}; a pair needs two texts.")
    return _whole(path, number, name, value)


def _whole(path: Path, number: int, name: str, text: str) -> str:
    if not is_utf8(text):
        raise InputError(
            f"{path}, row {number}: '{name}' has half a character, a lone surrogate; write the text whole."
        )
    return text


def _within_unit(value: Any) -> bool:
    try:
        return 0 <= float(value) <= 1
    except (TypeError, ValueError):
        return False


def _texts(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [text for text in value if isinstance(text, str)]
    return [value] if isinstance(value, str) else []


def _label(path: Path, number: int, value: Any, name: str) -> str:
    if value is None or isinstance(value, list | dict) or not str(value).strip():
        raise InputError(f"{path}, row {number}: '{name}' is no label of a class; each text needs one.")
    return _whole(path, number, name, str(value).strip())


def _score(path: Path, number: int, value: Any) -> float:
    try:
        score = float(value.strip().removesuffix("%") if isinstance(value, str) else value)
    except (TypeError, ValueError):
        raise InputError(f"{path}, row {number}: the score {value!r} is not a number.") from None
    if not math.isfinite(score):
        raise InputError(f"{path}, row {number}: the score is {score}; it must be a finite number.")
    return score
