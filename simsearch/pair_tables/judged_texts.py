"""Texts that each have a verdict of their own, such as passages with `is_selected`: the verdicts become a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simsearch.pair_tables import names as known
from simsearch.pair_tables.cells import TEXT_KEYS
from simsearch.pair_tables.columns import ChosenColumns
from simsearch.pair_tables.file_columns import ranked
from simsearch.pair_tables.file_rows import FileRows
from simsearch.pair_tables.names import rank
from simsearch.tables.kinds import is_empty


def split_verdicts(file: FileRows, columns: ChosenColumns) -> tuple[FileRows, ChosenColumns]:
    """The file with the verdicts in its objects as a column, named as in `passages.is_selected`, and that as the score
    or label; both unchanged where the texts have no verdicts."""
    name = str(columns.positive)
    objects = {number: _objects(value) for number, value in file.cells(name) if not is_empty(value)}
    key = _verdict_key(name, [item for items in objects.values() for item in items])
    if key is None or not all(objects.values()):
        return file, columns
    verdict = f"{name}.{key}"
    rows = [
        (number, {**row, name: items, verdict: [item.get(key) for item in items]})
        for number, row in file.rows
        for items in [objects.get(number, [])]
    ]
    is_score = rank(key, known.SCORES) is not None
    chosen = replace(columns, score=verdict) if is_score else replace(columns, label=verdict)
    return replace(file, names=(*file.names, verdict), rows=rows), chosen


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a cell: a list of them, or one of equally long lists; empty for anything else."""
    if isinstance(value, Mapping):
        lists = {key: part for key, part in value.items() if isinstance(part, list)}
        if len(set(map(len, lists.values()))) != 1:
            return []
        return [dict(zip(lists, parts, strict=True)) for parts in zip(*lists.values(), strict=True)]
    items = value if isinstance(value, list) else []
    return items if all(isinstance(item, Mapping) for item in items) else []


def _verdict_key(name: str, objects: Sequence[Mapping[str, Any]]) -> str | None:
    """The key of the objects that is called as verdicts are, or else says true or false of each text."""
    keys = dict.fromkeys(key for item in objects for key in item if key not in TEXT_KEYS)
    if rank(name, known.CHOSEN) is not None:
        return next(iter(ranked(keys, known.VERDICTS)), None)
    flags = [key for key in keys if all(isinstance(item.get(key), bool) for item in objects)]
    return next(iter([*ranked(keys, known.VERDICTS + known.SCORES), *flags]), None)
