"""Texts with the label of their class to pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from simsearch.errors import TableError
from simsearch.pair_tables.cells import kind_of
from simsearch.pair_tables.columns import ChosenColumns
from simsearch.pair_tables.file_rows import FileRows
from simsearch.pair_tables.pairs import refuse_invalid_characters
from simsearch.tables.kinds import is_empty
from simsearch.types import Pair, PairColumns, PairFile


def make_class_pairs(path: Path, file: FileRows, columns: ChosenColumns) -> PairFile:
    """Each text with the next of its class, so that a text is in one pair: a ring would tie a class together, and no
    part of it could judge what another has trained. The last of an odd number goes with the one before; a text that
    is alone in its class goes with itself, which the doctor finds.

    Raises:
        TableError: A text or a label is missing; names its row.
    """
    label = str(columns.label)
    pairs = sorted(_pairs(path, file, columns.anchor, label), key=lambda pair: pair.row)
    classes = {pair.label for pair in pairs}
    return PairFile(
        pairs=tuple(pairs),
        rows=len(file.rows),
        columns=PairColumns(columns.anchor, None, None, label, ()),
        unread=tuple(name for name in file.names if name not in columns.used),
        classes=len(classes),
        notes=columns.notes,
    )


def _pairs(path: Path, file: FileRows, text: str, label: str) -> Iterator[Pair]:
    waiting: dict[str, Pair] = {}
    before: dict[str, str] = {}
    for number, row in file.rows:
        said, class_ = _text(number, row, text), _label(number, row, label)
        others = {name: value for name, value in row.items() if name != text}
        first = waiting.pop(class_, None)
        if first:
            yield replace(first, positive=said)
            before[class_] = said
        else:
            waiting[class_] = Pair(said, said, columns=others, source=str(path), row=number, label=class_)
    for class_, pair in waiting.items():
        yield replace(pair, positive=before.get(class_, pair.positive))


def _text(number: int, row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if is_empty(value):
        raise TableError(f"'{name}' is empty; each row needs a text", number)
    if not isinstance(value, str):
        raise TableError(f"'{name}' is {kind_of(value)}; each row needs a text", number)
    refuse_invalid_characters(number, name, value)
    return value


def _label(number: int, row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if is_empty(value) or isinstance(value, list | dict):
        said = "is empty" if is_empty(value) else f"is {kind_of(value)}"
        raise TableError(f"'{name}' {said}; each text needs the label of its class", number)
    refuse_invalid_characters(number, name, str(value))
    return str(value).strip()
