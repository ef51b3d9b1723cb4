"""Rows to pairs, whatever the format: which column holds what, what scores and labels say, which texts are in a cell.

A pair reader for a format with rows is `pair_reader(read_rows, NamedColumns(...))`; `read_rows(path)` gives FileRows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from simsearch.errors import InputError, TableError
from simsearch.pair_tables.classes import make_class_pairs
from simsearch.pair_tables.columns import choose_columns
from simsearch.pair_tables.file_columns import NONE, NamedColumns
from simsearch.pair_tables.file_rows import FileRows, Row, file_rows
from simsearch.pair_tables.headers import rows_under_names
from simsearch.pair_tables.judged_texts import split_verdicts
from simsearch.pair_tables.pairs import make_pairs
from simsearch.types import PairFile

__all__ = [
    "FileRows",
    "NamedColumns",
    "Read",
    "Row",
    "file_rows",
    "pair_reader",
    "read_pair_rows",
    "rows_under_names",
]

Read = Callable[[Path], PairFile]


def pair_reader(rows: Callable[[Path], FileRows], named: NamedColumns) -> Read:
    """A pair reader for a format.

    Args:
        rows: Reads the rows of a file; raises TableError for what it can't read.
        named: The columns that a person named.
    """

    def read(path: Path) -> PairFile:
        try:
            return read_pair_rows(path, rows(path), named)
        except TableError as error:
            raise refusal(path, error) from error

    return read


def read_pair_rows(path: Path, file: FileRows, named: NamedColumns) -> PairFile:
    """The pairs of some rows, with which column was taken for what.

    Raises:
        TableError: It can't be known which columns are meant, or a row is not a pair.
    """
    if not file.rows:
        return PairFile((), 0)
    columns = choose_columns(file, named)
    file = file.with_parsed_cells(sorted(columns.used))
    if columns.positive and not (columns.score or columns.label or named.label == NONE):
        file, columns = split_verdicts(file, columns)
    read = (make_pairs if columns.positive else make_class_pairs)(path, file, columns)
    return replace(read, notes=(*file.notes, *read.notes))


def refusal(path: Path, error: TableError) -> InputError:
    """What is wrong with a file, with its name and what to do."""
    option = f" (--columns {error.option})" if error.option else ""
    return InputError(f"{error.reason}{option}.", path=path, row=error.row)
