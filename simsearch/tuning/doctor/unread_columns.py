"""Columns that nothing uses, though they may say something about the pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from simsearch.tables.kinds import is_empty, kind_of_column
from simsearch.tables.verdict_words import is_verdict_word
from simsearch.tuning.doctor.findings import Finding
from simsearch.tuning.pairs.readings import Reading
from simsearch.types import Pair

FEW = 10
MOST_GRADES = 12
HIGHEST_GRADE = 100
SPLITS = frozenset(("train", "training", "dev", "validation", "valid", "val", "test", "eval"))


def unread_columns(pairs: Sequence[Pair], readings: Sequence[Reading]) -> Iterable[Finding]:
    """Unread columns that could be scores, labels or sets, and others of numbers or few values."""
    others = []
    for reading in readings:
        rows = [pair for pair in pairs if pair.source == reading.file]
        for name in reading.unread:
            values = [
                value for pair in rows for value in _leaves(pair.columns.get(name)) if not is_empty(value)
            ]
            if _are_sets(values):
                yield _about_sets(name)
            elif _are_verdicts(values) and not reading.classes:
                used = reading.columns.score or reading.columns.label
                if used and _agree(name, rows):
                    others.append(name)
                else:
                    yield _about_verdicts(name, values, used)
            elif kind_of_column(values) == "number" or _are_few(values):
                others.append(name)
    if others:
        yield Finding(
            f"Columns of numbers or of few values are not used: {', '.join(dict.fromkeys(others))}",
            (),
            "What they say about the pairs is lost.",
            "If one is a score or a label of the pair, say so with --columns score=NAME or label=NAME.",
            serious=False,
        )


def _about_sets(name: str) -> Finding:
    return Finding(
        f"The column '{name}' names train and test sets, and is not used",
        (),
        "The pairs are divided in another way.",
        f"--split column:name={name} divides them as it says.",
        serious=False,
    )


def _agree(name: str, pairs: Sequence[Pair]) -> bool:
    """Whether each value of a column is either only in similar pairs or only in the others."""
    sides = {(str(pair.columns.get(name)), pair.similar) for pair in pairs}
    return len(sides) == len({value for value, _ in sides})


def _about_verdicts(name: str, values: Sequence[Any], used: str | None) -> Finding:
    """
    Args:
        used: The column that says how similar the pairs are; None if there is none, so that all count as similar.
    """
    decisive = used is None and all(map(is_verdict_word, values))
    shown = ", ".join(str(value)[:20] for value in list(dict.fromkeys(map(str, values)))[:6])
    return Finding(
        f"The column '{name}' is not used, and its values look like scores or labels of the pairs: {shown}",
        (),
        f"Which pairs are similar is read from '{used}' alone, which says something else."
        if used
        else "If some say that two texts don't belong together, training and the test set treat such pairs as right.",
        f"{'Nothing is promoted. ' if decisive else ''}Use it with --columns score={name} or label={name}, or "
        "remove it from the file.",
        decisive=decisive,
    )


def _leaves(value: Any) -> Iterable[Any]:
    """The values in a cell; of a list or an object, all that it holds."""
    if isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    else:
        yield value


def _are_sets(values: Sequence[Any]) -> bool:
    return bool(values) and all(
        isinstance(value, str) and value.strip().lower() in SPLITS for value in values
    )


def _are_verdicts(values: Sequence[Any]) -> bool:
    """Whether values are words for similar and dissimilar, or numbers on a small scale."""
    distinct = set(map(str, values))
    if len(distinct) < 2:
        return False
    if sum(map(is_verdict_word, values)) >= len(values) / 2:
        return True
    numbers = [_number(value) for value in values]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers) or min(known) < -1 or max(known) > HIGHEST_GRADE:
        return False
    return len(distinct) <= min(MOST_GRADES, len(values) // 2) or not all(
        number.is_integer() for number in known
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return float(value)
    try:
        return float(str(value).strip().removesuffix("%").replace(",", "."))
    except ValueError:
        return None


def _are_few(values: Sequence[Any]) -> bool:
    return 1 < len(set(map(str, values))) <= min(FEW, len(values) // 2)
