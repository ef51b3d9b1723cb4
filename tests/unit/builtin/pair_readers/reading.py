"""Reading of small files of pairs, as `tune` reads them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from simsearch.errors import InputError
from simsearch.plugins.registry import Registry
from simsearch.tuning.pairs.reading import read_files
from simsearch.types import PairFile

REGISTRY = Registry.load()
COUNT = 6


def read(path: Path, columns: str = "") -> PairFile:
    (file,) = read_files([path], REGISTRY, columns)
    return file.pairs


def refusal(path: Path, columns: str = "") -> str:
    with pytest.raises(InputError) as caught:
        read(path, columns)
    assert str(path) in str(caught.value)
    return str(caught.value)


def write_table(
    path: Path, names: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ","
) -> Path:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows([names, *rows])
    path.write_bytes(file.getvalue().encode())
    return path


def write_lines(path: Path, rows: Iterable[Mapping[str, Any] | list[Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def pair_table(path: Path, **columns: Sequence[object]) -> Path:
    """A table of two sentences a row, and other columns."""
    rows = zip(*columns.values(), strict=True)
    texts = (
        (f"First sentence number {i}", f"Second sentence number {i}", *cells) for i, cells in enumerate(rows)
    )
    return write_table(path, ["sentence1", "sentence2", *columns], texts)
