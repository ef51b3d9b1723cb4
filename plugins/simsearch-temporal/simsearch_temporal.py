"""A splitter that trains on the past and evaluates on the future."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:
    import numpy as np

    from simsearch.types import Pair, Split, Splitter


@hookimpl
def simsearch_splitters() -> list[Component]:
    return [Component("temporal", "Train on the past, evaluate on the future", temporal)]


def temporal(column: str = "date", dev: float = 0.1, test: float = 0.2, format: str = "") -> Splitter:
    """The newest pairs judge, those before them choose the checkpoint, older ones train.

    Args:
        column: The column with each pair's date or time.
        dev: Share of pairs in the dev set, which chooses the checkpoint; 0 keeps the last one.
        test: Share of pairs in the test set.
        format: How dates are written, as for datetime.strptime; ISO 8601 without it.

    Pairs of one moment stay on one side: a cut moves to the nearest change of date.
    """
    import numpy as np

    from simsearch.types import Split

    if not (dev >= 0 and test > 0 and dev + test < 1):
        raise InputError(
            "'temporal' needs test above 0 and dev of 0 or more, and both must leave pairs to train on."
        )

    def split(pairs: Sequence[Pair], random: np.random.Generator) -> Split:
        moments = [_moment(pair, column, format) for pair in pairs]
        order = sorted(range(len(pairs)), key=lambda row: (moments[row], row))
        changes = [i for i in range(1, len(order)) if moments[order[i]] != moments[order[i - 1]]]
        if not changes:
            raise InputError(
                f"'temporal' finds fewer than two dates in the column '{column}' of {len(pairs)} pairs, "
                "so it can't divide them into past and future."
            )
        past, future = _cuts(changes, len(order), dev, test)
        rows = np.array(order, dtype=np.int64)
        return Split(train=rows[:past], dev=rows[past:future], test=rows[future:])

    return split


def _cuts(changes: Sequence[int], count: int, dev: float, test: float) -> tuple[int, int]:
    """Where dev and test begin: the changes of date nearest to their shares."""
    future = min(changes, key=lambda change: abs(change - count * (1 - test)))
    if dev == 0:
        return future, future
    earlier = [change for change in changes if change <= future]
    return min(earlier, key=lambda change: abs(change - (future - count * dev))), future


def _moment(pair: Pair, column: str, format: str) -> datetime:
    value = pair.columns.get(column)
    if column not in pair.columns:
        names = ", ".join(pair.columns) or "none, apart from the texts"
        raise InputError(
            f"there is no column '{column}' to split by; the columns are: {names}.",
            path=pair.source,
            row=pair.row,
        )
    try:
        moment = _read(value, format)
    except (ValueError, TypeError):
        expected = f"written as {format}" if format else "in ISO 8601 format (2024-05-31)"
        raise InputError(
            f"'{column}' is {value!r}, which is not a date {expected}.", path=pair.source, row=pair.row
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(value: object, format: str) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if not isinstance(value, str):
        raise TypeError
    text = value.strip()
    return datetime.strptime(text, format) if format else datetime.fromisoformat(text)
