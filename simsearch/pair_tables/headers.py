"""The rows of a table under the names of its columns, or under numbers where the first row looks like data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from simsearch.errors import TableError
from simsearch.pair_tables import names as known
from simsearch.pair_tables.file_columns import NamedColumns
from simsearch.pair_tables.file_rows import FileRows
from simsearch.pair_tables.names import is_negative, partner, plain_name, rank
from simsearch.tables.rows import looks_like_data, name_cells


def rows_under_names(
    names: Sequence[str], numbered: Sequence[tuple[int, Sequence[str]]], named: NamedColumns
) -> FileRows:
    """The rows of a table.

    Args:
        names: The cells of its first row, stripped and none empty.
        numbered: All its rows, the first one too, each with its number.
        named: The columns that a person named.

    Raises:
        TableError: Two columns have one name, a row has more cells than there are names, or no rows follow.
    """
    if not numbered:
        return FileRows((), [])
    (first_row, _), *below = numbered
    without_header = not _has_header(names, named) and looks_like_data(names, below)
    if without_header:
        names, below = [str(place) for place, _ in enumerate(names, 1)], [*numbered]
    check_columns(names, below)
    rows = [(number, name_cells(number, cells, names)) for number, cells in below]
    by_number = any(name.isdigit() and name not in names for name in named.names)
    notes = (
        (f"Row {first_row} is not read as a pair: it is taken for the names of the columns.",)
        if by_number
        else ()
    )
    return FileRows(tuple(names), rows, without_header, first_row, notes)


def _has_header(names: Sequence[str], named: NamedColumns) -> bool:
    lowered = [name.lower() for name in names]
    if any(name.lower() in lowered for name in named.names):
        return True
    usual = (known.ANCHORS, known.POSITIVES, known.CLASSES)
    return any(
        is_negative(name)
        or (partner(name) and not plain_name(name).isdigit())
        or any(rank(name, of) is not None for of in usual)
        for name in names
    )


def check_columns(names: Sequence[str], rows: Sequence[object]) -> None:
    """Stop where the columns of a table can't be used.

    Raises:
        TableError: Two columns have the same name, or no rows follow.
    """
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise TableError(f"there are two columns called '{repeated[0]}'; rename one of them")
    if names and not rows:
        raise TableError(f"it has the columns {', '.join(names)}, but no rows follow")
