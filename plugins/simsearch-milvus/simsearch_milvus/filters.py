"""Conditions as expressions on chunks. They consist of the names of columns and of numbers alone: milvus-lite knows no
parameters, and so no text of a user is ever part of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from simsearch.storage.comparisons import ValueTest, path_test, value_tests
from simsearch.storage.conditions import And, Condition, FieldComparison, Not, Or, Quotes
from simsearch_milvus.connecting import Connection
from simsearch_milvus.values import meets, narrowing

NOTHING = "number < 0"

VALUES_AT_ONCE = 4000
"""Values fetched together; more that are as long as Milvus allows would not fit into one message."""


class Filters:
    """Makes expressions for one snapshot.

    Args:
        lookup: The collection with the values of fields.
        files: The numbers of files by path.
        find_quotes: The chunks that meet Quotes.
    """

    def __init__(
        self,
        connection: Connection,
        lookup: str,
        files: Callable[[], Mapping[str, int]],
        find_quotes: Callable[[Sequence[str]], Iterable[int]],
    ) -> None:
        self._connection = connection
        self._lookup = lookup
        self._files = files
        self._find_quotes = find_quotes

    def expression(self, condition: Condition) -> str:
        """What chunks meet that meet a condition."""
        match condition:
            case Not():
                return f"not ({self.expression(condition.condition)})"
            case And():
                return f"({' and '.join(map(self.expression, condition.conditions))})"
            case Or():
                return f"({' or '.join(map(self.expression, condition.conditions))})"
            case Quotes():
                return _among("number", self._find_quotes(condition.phrases))
            case FieldComparison(field="path"):
                fits = path_test(condition)
                return _among("file", (number for path, number in self._files().items() if fits(path)))
            case FieldComparison():
                return _among(
                    "document", {d for test in value_tests(condition) for d in self._documents(test)}
                )

    def _documents(self, test: ValueTest) -> set[int]:
        """The documents one of whose values meets a test; some may be gone."""
        rows = self._connection.every(self._lookup, narrowing(test), ["owner", "text"], VALUES_AT_ONCE)
        return {row["owner"] for row in rows if meets(test, json.loads(row["text"]))}


def _among(column: str, numbers: Iterable[int]) -> str:
    found = sorted(int(number) for number in numbers)
    return f"{column} in {found}" if found else NOTHING
