"""What has been used for testing in this workspace: never train on it, and count how often it is looked at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from simsearch.files import write_atomically
from simsearch.near_duplicates import normalise
from simsearch.types import Pair


class TestLedger:
    """The file .simsearch/tested.json: hashes of the rows tested on, and looks per test part."""

    __test__ = False  # not a test case for pytest

    def __init__(self, path: Path) -> None:
        self._path = path
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        self._rows: set[str] = set(known.get("rows", ()))
        self._looks: dict[str, int] = dict(known.get("looks", {}))

    def tested(self, pair: Pair) -> bool:
        """Whether a row has judged a model before."""
        return row_key(pair) in self._rows

    def looks(self, pairs: Sequence[Pair]) -> int:
        """How often these rows together have judged a model before."""
        return self._looks.get(part_key(pairs), 0)

    def record(self, pairs: Sequence[Pair]) -> None:
        """Note that these rows have judged once more."""
        self._rows.update(map(row_key, pairs))
        self._looks[part_key(pairs)] = self.looks(pairs) + 1
        text = json.dumps({"looks": self._looks, "rows": sorted(self._rows)}, indent=0)
        write_atomically(self._path, text.encode())


def row_key(pair: Pair) -> str:
    return hashlib.sha256(f"{normalise(pair.anchor)}\n{normalise(pair.positive)}".encode()).hexdigest()[:20]


def part_key(pairs: Sequence[Pair]) -> str:
    return hashlib.sha256("".join(sorted(map(row_key, pairs))).encode()).hexdigest()[:20]
