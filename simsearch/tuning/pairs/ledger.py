"""What has been used for testing in this workspace: never train on it, and count how often it has judged."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simsearch.appending import append_lines, read_lines
from simsearch.home import Home
from simsearch.models.trained_rows import row_key
from simsearch.types import Pair


class TestLedger:
    """The file .simsearch/tested.jsonl. One line for each evaluation: the hash of the test set, and the hashes of its
    rows that are new. Lines are only added, so that runs at the same time lose nothing of each other.

    Args:
        home: The folder it lies in.
    """

    __test__ = False  # not a test case for pytest

    def __init__(self, home: Path) -> None:
        self._path = Home(home).evaluations
        self._rows: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._read()

    def tested(self, pair: Pair) -> bool:
        """Whether a row has judged a model before."""
        return row_key(pair) in self._rows

    def evaluations(self, pairs: Sequence[Pair]) -> int:
        """How often these rows together have judged a model before."""
        return self._counts[part_key(pairs)]

    def record(self, pairs: Sequence[Pair]) -> None:
        """Note that these rows have judged once more."""
        new = sorted(set(map(row_key, pairs)) - self._rows)
        append_lines(self._path, [{"part": part_key(pairs), "rows": new}])
        self._read()

    def _read(self) -> None:
        self._rows.clear()
        self._counts.clear()
        for evaluation in _read_evaluations(self._path):
            self._rows.update(evaluation["rows"])
            self._counts[evaluation["part"]] += 1


def _read_evaluations(path: Path) -> list[dict[str, Any]]:
    evaluations = []
    for line in read_lines(path):
        try:
            evaluations.append(json.loads(line))
        except ValueError:  # cut short by a kill
            continue
    return evaluations


def part_key(pairs: Sequence[Pair]) -> str:
    return hashlib.sha256("".join(sorted(map(row_key, pairs))).encode()).hexdigest()[:20]
