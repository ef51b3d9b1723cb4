"""How many chunks have each term, as rows that are only added: each commit writes by how much the numbers have changed,
so that a snapshot sums up those that it sees. Once there are too many rows, they are summed up for all.

The names of fields are counted in the same way, by documents.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from simsearch.storage.words.languages import UNKNOWN
from simsearch_milvus.connecting import LIMIT, Connection, Row
from simsearch_milvus.numbers import head_of, heads_beginning, number_of
from simsearch_milvus.schema import Kind, lookup
from simsearch_milvus.state import Generation

NAMES = "names"
"""Where the names of fields are counted."""

NUMBERS = {"body": 0, "title": 1, "exact": 2, "path": 3, NAMES: 4}

Key = tuple[str, str]
"""A field and a term of it."""


class TermReader:
    """What clauses depend on in a generation (simsearch.storage.words.clauses.Terms).

    Args:
        lookup: The collection with the rows.
    """

    def __init__(self, connection: Connection, lookup: str, generation: Generation) -> None:
        self._connection = connection
        self._lookup = lookup
        self._generation = generation
        self._seen = (
            f"kind == {int(Kind.TERM)} and number >= {generation.first_term} and number < {generation.next}"
        )
        self._counts: dict[Key, int] = {}

    @property
    def language_counts(self) -> dict[str, int]:
        """How many chunks are in each language, the most frequent first."""
        found = self._generation.languages.items()
        return dict(sorted(found, key=lambda one: (-one[1], one[0])))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.language_counts) or (UNKNOWN,)

    def count(self, field: str, term: str) -> int:
        return self.counts([(field, term)])[field, term]

    def counts(self, keys: Iterable[Key]) -> dict[Key, int]:
        """How many chunks have each of some terms."""
        keys = list(dict.fromkeys(keys))
        self._read([key for key in keys if key not in self._counts])
        return {key: self._counts[key] for key in keys}

    def beginning(self, field: str, prefix: str, limit: int) -> list[str]:
        low, high = heads_beginning(prefix)
        rows = self._rows(f"field == {NUMBERS[field]} and head >= {low} and head <= {high}")
        counts = _sum(row for row in rows if row["text"].startswith(prefix))
        found = sorted(((-count, term) for (_, term), count in counts.items() if count > 0))
        return [term for _, term in found[:limit]]

    def matching(self, field: str, pattern: str) -> list[str]:
        """The terms that match a regular expression as a whole."""
        found = re.compile(pattern)
        return [term for term in self._vocabulary(field) if found.fullmatch(term)]

    def names(self) -> list[str]:
        """The names of fields that documents have, sorted."""
        counts = _sum(self._rows(f"field == {NUMBERS[NAMES]}"))
        return sorted(name for (_, name), count in counts.items() if count > 0)

    def _read(self, keys: Sequence[Key]) -> None:
        hashes = [number_of(*key) for key in keys]
        rows = self._connection.among(self._lookup, "hash", hashes, _COLUMNS, self._seen)
        self._counts |= dict.fromkeys(keys, 0) | dict(_sum(rows))

    def _rows(self, expression: str) -> Iterator[Row]:
        return self._connection.every(self._lookup, f"{self._seen} and {expression}", _COLUMNS, LIMIT)

    def _vocabulary(self, field: str) -> list[str]:
        """All terms of a field; compounds are looked for in those of `body`."""
        if field == "body":
            return self._body
        return [
            term for (_, term), count in _sum(self._rows(f"field == {NUMBERS[field]}")).items() if count > 0
        ]

    @cached_property
    def _body(self) -> list[str]:
        return [term for (_, term), count in _sum(self._rows("field == 0")).items() if count > 0]


def term_rows(counts: Counter[Key], numbers: Iterator[int]) -> list[Row]:
    """The rows that change numbers of chunks.

    Args:
        counts: By how much.
        numbers: For the rows.
    """
    return [
        lookup(
            next(numbers), Kind.TERM, field=NUMBERS[field], hash=number_of(field, term), head=head_of(term),
            amount=float(count), text=term,
        )
        for (field, term), count in counts.items()
        if count
    ]  # fmt: skip


def sum_all(connection: Connection, collection: str, generation: Generation) -> Counter[Key]:
    """How many chunks have each term of a generation, with rows that are not committed yet."""
    seen = f"kind == {int(Kind.TERM)} and number >= {generation.first_term}"
    return _sum(connection.every(collection, seen, _COLUMNS, LIMIT))


_COLUMNS = ("field", "text", "amount")
_FIELDS = {number: field for field, number in NUMBERS.items()}


def _sum(rows: Iterable[dict[str, Any]]) -> Counter[Key]:
    counts: Counter[Key] = Counter()
    for row in rows:
        counts[_FIELDS[row["field"]], row["text"]] += int(row["amount"])
    return counts
