"""Filters to the chunks that they allow."""

from __future__ import annotations

from collections.abc import Sequence

from simsearch.errors import InputError
from simsearch.querying.where import parse_filter, pointed
from simsearch.storage.conditions import And, Condition, comparisons
from simsearch.storage.protocols import Snapshot
from simsearch.types import Rows
from simsearch.wording import suggestion


def allowed_chunks(filters: Sequence[str], snapshot: Snapshot) -> Rows | None:
    """The chunks whose documents all filters allow, int64 [m] ascending; None without a filter.

    Raises:
        InputError: A filter can't be read, or names a field that no document has.
    """
    if not filters:
        return None
    conditions = tuple(parse_filter(text) for text in filters)
    for text, condition in zip(filters, conditions, strict=True):
        _check_fields(text, condition, snapshot)
    return snapshot.matching(And(conditions))


def _check_fields(text: str, condition: Condition, snapshot: Snapshot) -> None:
    """A misspelt field would match nothing, or with `not` everything, in silence."""
    for field, column in {c.field: c.column for c in comparisons(condition)}.items():
        if not snapshot.has_field(field):
            known = snapshot.fields()
            raise InputError(
                f"{pointed(text, column, 'has a field that no document has')}\n"
                f"There are: {', '.join(known)}{suggestion(field, known)}."
            )
