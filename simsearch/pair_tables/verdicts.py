"""Scores and labels of pairs: numbers, or usual words for similar and dissimilar; anything else is refused."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from simsearch.errors import TableError
from simsearch.tables.kinds import is_empty, is_placeholder
from simsearch.tables.verdict_words import DISSIMILAR, NEITHER, SIMILAR, is_verdict_word, plain_word

MOST = 0.8
"""Share of the values that must be understood, so that the others count as slips."""
SHOWN = 8
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+")
_NUMBER = re.compile(r"[-+]?(\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?")


class Verdict(NamedTuple):
    """What a cell says: a score, or the word for which its row is left out."""

    score: float | None
    word: str = ""


def read_verdicts(column: str, cells: Sequence[tuple[int, Any]], is_label: bool) -> list[Verdict]:
    """What a column says of each pair.

    Args:
        column: Its name, for errors.
        cells: Row and value.
        is_label: Whether it is called a label, in which a few whole numbers may be codes.

    Raises:
        TableError: A cell is empty or mistyped (names its row), or the values mean nothing that is known (lists them).
    """
    _refuse_thousands(column, cells)
    verdicts = [_read(value) for _, value in cells]
    _refuse_unknown_values(column, cells, verdicts, is_label)
    for (row, value), verdict in zip(cells, verdicts, strict=True):
        if verdict is None:
            raise TableError(_complaint(column, value, cells), row)
    found = [verdict for verdict in verdicts if verdict is not None]
    if any(is_verdict_word(value) for _, value in cells):
        _refuse_grades_among_words(column, cells, found)
    else:
        _refuse_mixed_units(column, cells)
        if is_label:
            _refuse_codes(column, {verdict.score for verdict in found if verdict.score is not None})
    return found


def _refuse_thousands(column: str, cells: Sequence[tuple[int, Any]]) -> None:
    """Stop where every comma may separate thousands as well as decimals."""
    commas = [(row, value.strip()) for row, value in cells if isinstance(value, str) and "," in value]
    if commas and all(_THOUSANDS.fullmatch(value) for _, value in commas):
        row, value = commas[0]
        plain = value.replace(",", "")
        raise TableError(
            f"'{column}' is '{value}', which may be {plain} or {value.replace(',', '.')}; write numbers without commas",
            row,
        )


def _read(value: Any) -> Verdict | None:
    if isinstance(value, bool | int | float | Decimal):
        return Verdict(float(value)) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    number = value.strip().removesuffix("%").strip()
    if _NUMBER.fullmatch(number):
        unit = 100 if value.strip().endswith("%") else 1
        return Verdict(float(number.replace(",", ".")) / unit)
    word = plain_word(value)
    if word in SIMILAR or word in DISSIMILAR:
        return Verdict(1.0 if word in SIMILAR else 0.0)
    return Verdict(None, value.strip()) if word in NEITHER else None


def _refuse_unknown_values(
    column: str, cells: Sequence[tuple[int, Any]], verdicts: Sequence[Verdict | None], is_label: bool
) -> None:
    there = [verdict for (_, value), verdict in zip(cells, verdicts, strict=True) if not _is_missing(value)]
    if not there or sum(verdict is not None for verdict in there) >= MOST * len(there):
        return
    raise TableError(
        f"the column '{column}' has values that don't say whether two texts are similar: {_listed(cells)}; write 1 and "
        "0, or yes and no, or leave the column out",
        next(
            row
            for (row, value), verdict in zip(cells, verdicts, strict=True)
            if verdict is None and not _is_missing(value)
        ),
        option=f"{'label' if is_label else 'score'}=none",
    )


def _is_missing(value: Any) -> bool:
    return (
        is_empty(value)
        or (isinstance(value, float) and not math.isfinite(value))
        or (isinstance(value, str) and is_placeholder(value))
    )


def _complaint(column: str, value: Any, cells: Sequence[tuple[int, Any]]) -> str:
    if isinstance(value, float):
        return f"the score in '{column}' is {value}; it must be a finite number"
    if is_empty(value):
        return f"'{column}' is empty; give every row a value, or remove the whole column"
    others = _listed([cell for cell in cells if cell[1] != value])
    return f"'{column}' is {value!r}, which is not a number or a usual word; other rows have: {others}"


def _listed(cells: Sequence[tuple[int, Any]]) -> str:
    counts = Counter(str(value) for _, value in cells if not is_empty(value)).most_common()
    more = f", and {len(counts) - SHOWN} others" if len(counts) > SHOWN else ""
    return ", ".join(f"{value[:40]} ({count})" for value, count in counts[:SHOWN]) + more


def _refuse_grades_among_words(
    column: str, cells: Sequence[tuple[int, Any]], verdicts: Sequence[Verdict]
) -> None:
    """Stop at the first word among numbers that aren't 0 and 1, or at the first such number among more words."""
    grades = [
        cell for cell, verdict in zip(cells, verdicts, strict=True) if verdict.score not in (0.0, 1.0, None)
    ]
    words = [cell for cell in cells if is_verdict_word(cell[1])]
    if grades:
        (row, value), others = (words[0], "numbers") if len(words) < len(grades) else (grades[0], "words")
        raise TableError(f"'{column}' is {str(value)!r}, and other rows have {others}: {_listed(cells)}", row)


def _refuse_mixed_units(column: str, cells: Sequence[tuple[int, Any]]) -> None:
    percent = [isinstance(value, str) and value.strip().endswith("%") for _, value in cells]
    if any(percent) and not all(percent):
        row, value = cells[percent.index(percent[0] is False)]
        raise TableError(
            f"the score {value!r} in '{column}' is not in the same unit as some others: write either all or none "
            "in percent (%)",
            row,
        )


def _refuse_codes(column: str, values: set[float]) -> None:
    """A label of a few whole numbers other than 0 and 1, or -1 and 1, may be anything."""
    whole = all(value.is_integer() for value in values)
    if (
        values <= {0, 1}
        or values <= {-1, 1}
        or not whole
        or (len(values) > 3 and max(values) <= 10 and min(values) >= 0)
    ):
        return
    listed = ", ".join(f"{value:g}" for value in sorted(values)[:12])
    raise TableError(
        f"the column '{column}' has the values {listed}, which may be codes (such as 0 for entailment) or grades. For "
        "codes, write the words, or 1 and 0. For grades, name the column as a score, and add "
        "--scores given:low=LOW,high=HIGH if the file doesn't show the whole scale",
        option=f"score={column}",
    )
