"""Rows that a run was trained on: a model has learnt them by heart, so they don't judge it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence, Set
from pathlib import Path

from simsearch.files import write_atomically
from simsearch.models.runs import Runs
from simsearch.near_duplicates import normalise
from simsearch.types import Pair

FILE_NAME = "trained.json"


def row_key(pair: Pair) -> str:
    """The hash of a row, whatever the case and spaces of its two texts."""
    return hashlib.sha256(f"{normalise(pair.anchor)}\n{normalise(pair.positive)}".encode()).hexdigest()[:20]


def keep_trained(folder: Path, pairs: Iterable[Pair], before: Set[str]) -> None:
    """Write into the folder of a run's model which rows it was trained on.

    Args:
        pairs: Those that trained it or chose its weights.
        before: Hashes of those that its base was trained on.
    """
    rows = before | set(map(row_key, pairs))
    write_atomically(folder / FILE_NAME, json.dumps(sorted(rows), indent=0).encode())


def trained_rows(runs: Runs, model: str | None) -> frozenset[str]:
    """Hashes of the rows that a run, and what it started from, were trained on; none for a model from elsewhere."""
    if model not in runs.names():
        return frozenset()
    path = runs.path(model) / FILE_NAME
    return frozenset(json.loads(path.read_text(encoding="utf-8")) if path.is_file() else ())


def untrained(pairs: Sequence[Pair], rows: Set[str]) -> list[Pair]:
    """The pairs that are not among the rows which a model was trained on."""
    return [pair for pair in pairs if row_key(pair) not in rows]
