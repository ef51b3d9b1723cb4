"""What has been used for testing in this workspace: never train on it, and count how often it is looked at."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simsearch.home import Home
from simsearch.near_duplicates import normalise
from simsearch.types import Pair


class TestLedger:
    """The file .simsearch/tested.jsonl: a line a look, with the hash of the test part and of those of its rows that
    hadn't been tested on before. Lines are only added, so that runs at one time lose nothing of one another.

    Args:
        home: The folder it lies in.
    """

    __test__ = False  # not a test case for pytest

    def __init__(self, home: Path) -> None:
        self._path = Home(home).evaluations
        self._rows: set[str] = set()
        self._looks: Counter[str] = Counter()
        self._read()

    def tested(self, pair: Pair) -> bool:
        """Whether a row has judged a model before."""
        return row_key(pair) in self._rows

    def evaluations(self, pairs: Sequence[Pair]) -> int:
        """How often these rows together have judged a model before."""
        return self._looks[part_key(pairs)]

    def record(self, pairs: Sequence[Pair]) -> None:
        """Note that these rows have judged once more."""
        new = sorted(set(map(row_key, pairs)) - self._rows)
        look = json.dumps({"part": part_key(pairs), "rows": new})
        with self._path.open("ab", buffering=0) as file:
            # A line that a full disk or a kill has cut short must not take this one with it.
            file.write(f"\n{look}\n".encode())
        self._read()

    def _read(self) -> None:
        self._rows.clear()
        self._looks.clear()
        for look in _looks_in(self._path):
            self._rows.update(look["rows"])
            self._looks[look["part"]] += 1


def _looks_in(path: Path) -> list[dict[str, Any]]:
    looks = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            looks.append(json.loads(line))
        except ValueError:  # empty, or cut short
            continue
    return looks


def row_key(pair: Pair) -> str:
    return hashlib.sha256(f"{normalise(pair.anchor)}\n{normalise(pair.positive)}".encode()).hexdigest()[:20]


def part_key(pairs: Sequence[Pair]) -> str:
    return hashlib.sha256("".join(sorted(map(row_key, pairs))).encode()).hexdigest()[:20]
