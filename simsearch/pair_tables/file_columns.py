"""The columns of a file: found by name or number, and what their cells look like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from simsearch.errors import TableError
from simsearch.pair_tables.file_rows import FileRows
from simsearch.pair_tables.names import rank
from simsearch.tables.kinds import ColumnKind, is_empty, kind_of_column
from simsearch.tables.verdict_words import is_verdict_word

NONE = "none"
"""In place of a column's name: there is no such column."""
MOST_LABELS = 10
MOST_SHOWN, LONGEST_SHOWN = 20, 40
"""Names of columns that a message lists, and their characters; a file without a header has texts in their place."""
TEXTS: tuple[ColumnKind, ...] = ("text", "list", "object")


@dataclass(frozen=True, slots=True)
class NamedColumns:
    """What a person said: empty for what the file shows, `none` for what it doesn't have."""

    anchor: str = ""
    positive: str = ""
    score: str = ""
    label: str = ""
    negative: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All names that were given."""
        names = (self.anchor, self.positive, self.score, self.label, *self.negative.split("+"))
        return tuple(name for name in names if name)


@dataclass(frozen=True)
class FileColumns:
    """The columns of a file."""

    file: FileRows
    known_kinds: dict[str, ColumnKind] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return self.file.names

    def values(self, name: str) -> list[Any]:
        return self.file.column(name)

    def given(self, name: str) -> str | None:
        """The column that a person named.

        Raises:
            TableError: It is not there.
        """
        if not name or name == NONE:
            return None
        found = self.find(name)
        if found is None:
            raise TableError(f"there is no column '{name}'. Its columns are: {self.listed}")
        return found

    def find(self, name: str) -> str | None:
        """A column by its name, by its name in other letters if that is one column's, or by its number."""
        if name in self.names:
            return name
        same = [other for other in self.names if other.strip().lower() == name.strip().lower()]
        if len(same) == 1:
            return same[0]
        place = int(name) if name.isascii() and name.isdigit() else 0
        return self.names[place - 1] if 0 < place <= len(self.names) else None

    def kind(self, name: str) -> ColumnKind:
        if name not in self.known_kinds:
            self.known_kinds[name] = kind_of_column(self.values(name))
        return self.known_kinds[name]

    def holds_verdicts(self, name: str) -> bool:
        """Whether a column says yes or no, or the like, in every row, so that it holds no texts."""
        values = [value for value in self.values(name) if not is_empty(value)]
        return all(map(is_verdict_word, values)) and len({*values}) > 1

    @property
    def listed(self) -> str:
        """The names of the columns for a message; the first of many."""
        shown = [
            name if len(name) <= LONGEST_SHOWN else f"{name[: LONGEST_SHOWN - 1]}…"
            for name in self.names[:MOST_SHOWN]
        ]
        more = len(self.names) - MOST_SHOWN
        return ", ".join(shown) + (f" and {more} more" if more > 0 else "")

    def names_of(self, *kinds: ColumnKind) -> list[str]:
        return [name for name in self.names if self.kind(name) in kinds]

    def has_few_values(self, name: str) -> bool:
        """Whether a column repeats a handful of values, as labels do and texts don't."""
        values = [str(value) for value in self.values(name) if not is_empty(value)]
        return 1 < len({*values}) <= min(MOST_LABELS, len(values) // 2)

    def has_many_texts(self, name: str) -> bool:
        """Whether a column has sentences that hardly repeat."""
        values = [str(value).strip() for value in self.values(name) if not is_empty(value)]
        words = sum(len(value.split()) for value in values)
        return len(values) > 1 and len({*values}) > 0.5 * len(values) and words > 1.5 * len(values)


def ranked(names: Iterable[str], usual: tuple[str, ...]) -> list[str]:
    """The columns that have a usual name, the likeliest first."""
    ranks = [(place, name) for name in names if (place := rank(name, usual)) is not None]
    return [name for _, name in sorted(ranks, key=lambda ranked: ranked[0])]
