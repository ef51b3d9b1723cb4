"""Pairs to a file that a person can edit and `tune` can read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from simsearch.errors import InputError
from simsearch.files import write_atomically
from simsearch.pairing.sifting import Made

COLUMNS = ("anchor", "positive", "kind", "source")


def refuse_output(path: Path, overwrite: bool) -> None:
    """Stop before anything is read, where the result could not be written.

    Raises:
        InputError: The file is there and may not be overwritten, or its ending is of no known format.
    """
    if path.suffix.lower() not in WRITERS:
        raise InputError(
            f"{path} should end in {' or '.join(WRITERS)}: those are the formats that can be written."
        )
    if path.is_dir():
        raise InputError(f"{path} is a folder; --output takes a file, as in --output pairs.jsonl.")
    if path.exists() and not overwrite:
        raise InputError(
            f"{path} already exists, and may have been edited; choose another --output, or add --overwrite."
        )


def write_pairs(path: Path, made: Sequence[Made]) -> None:
    """A row a pair: anchor, positive, kind, source.

    Raises:
        InputError: The file can't be written.
    """
    rows = [(one.pair.anchor, one.pair.positive, one.kind, one.pair.source) for one in made]
    try:
        write_atomically(path, WRITERS[path.suffix.lower()](rows).encode())
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error


def _jsonl(rows: Sequence[tuple[str, ...]]) -> str:
    return "".join(
        json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) + "\n" for row in rows
    )


def _csv(rows: Sequence[tuple[str, ...]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue()


WRITERS: dict[str, Callable[[Sequence[tuple[str, ...]]], str]] = {".jsonl": _jsonl, ".csv": _csv}
