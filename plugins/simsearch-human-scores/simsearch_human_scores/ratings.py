"""The files of ratings, one for each rater."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from simsearch import InputError

COLUMNS = ("anchor", "positive", "score")
Texts = tuple[str, str]


def read_ratings(files: Sequence[str], low: float, high: float) -> dict[Texts, list[float]]:
    """All ratings of each pair of texts.

    Raises:
        InputError: A file can't be read, or has a rating twice or outside low..high.
    """
    ratings: dict[Texts, list[float]] = defaultdict(list)
    for file in files:
        seen: set[Texts] = set()
        for row, texts, score in _read(Path(file)):
            if texts in seen:
                raise InputError(
                    "the pair is rated twice by one rater; keep one of the two.", path=file, row=row
                )
            if not low <= score <= high:
                raise InputError(
                    f"the score {score:g} is outside {low:g} to {high:g}; for another scale, "
                    "write low=LOW,high=HIGH.",
                    path=file,
                    row=row,
                )
            seen.add(texts)
            ratings[texts].append(score)
    return dict(ratings)


def _read(path: Path) -> Iterator[tuple[int, Texts, float]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                found = ", ".join(reader.fieldnames or ()) or "none"
                raise InputError(f"{path} has no column '{missing[0]}'; its columns are: {found}.")
            for line in reader:
                anchor, positive, score = (line[name] or "" for name in COLUMNS)
                yield (
                    reader.line_num,
                    (anchor.strip(), positive.strip()),
                    _number(score, path, reader.line_num),
                )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The ratings in {path} can't be read: {error}.") from error


def _number(text: str, path: Path, row: int) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"the score is '{text}', which is not a number.", path=path, row=row) from None
