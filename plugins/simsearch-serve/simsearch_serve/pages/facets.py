"""The lists of filters: folders and the values of fields, each with how many documents it has."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from simsearch.querying.open_index import OpenIndex
from simsearch.storage.capabilities import FieldCounts
from simsearch.storage.field_values import OWN_FIELDS
from simsearch.storage.protocols import Snapshot
from simsearch_serve.pages.links import can_be_filter

MOST_VALUES = 8
"""Values of a field that are listed; others can be typed as a filter."""

MOST_DIFFERENT, FEWEST_EACH = 200, 2
"""The most values of a field that is listed, and the fewest documents that a value has on average. Other fields, such
as a date, tell documents apart."""

MOST_FIELDS = 8

NOT_LISTED = frozenset({*OWN_FIELDS, "page", "pages", "slide", "sheet"})
"""Fields that name a document, or say where in its file it is."""

SECONDS_KEPT, MOST_SECONDS_KEPT = 10.0, 60.0


@dataclass(frozen=True, slots=True)
class Value:
    """A value to choose.

    Args:
        choice: `field:value`, as the address of a page has it.
        count: How many documents have it; of a folder, how many files.
    """

    name: str
    choice: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A field with its most frequent values.

    Args:
        field: Its name in filters; `path` for folders.
        name: What the page calls it.
        unit: What is counted.
        others: How many other values it has.
    """

    field: str
    name: str
    unit: str
    values: tuple[Value, ...]
    others: int = 0


class KeptFacets:
    """The lists of filters, which are not counted again at each commit of an index run."""

    def __init__(self) -> None:
        self._counted_for: object = None
        self._when = 0.0
        self._facets: tuple[Facet, ...] = ()

    def read(self, index: OpenIndex) -> tuple[Facet, ...]:
        """The lists of an index, up to a minute old; up to ten seconds where its size has changed since."""
        size, age = index.snapshot.coverage(), time.monotonic() - self._when
        if self._counted_for is None or age > (
            SECONDS_KEPT if size != self._counted_for else MOST_SECONDS_KEPT
        ):
            self._facets = tuple(list_facets(index.snapshot))
            self._counted_for, self._when = size, time.monotonic()
        return self._facets


def list_facets(snapshot: Snapshot) -> Iterator[Facet]:
    """Folders first, then every field of which several documents share a value."""
    if folders := count_folders(snapshot.files()):
        values = [Value(name, f"path:{name}", count) for name, count in folders if can_be_filter([name])]
        yield Facet("path", "folder", "file", tuple(values[:MOST_VALUES]), max(0, len(values) - MOST_VALUES))
    if not isinstance(snapshot, FieldCounts):
        return
    fields = (field for field in snapshot.fields() if field not in NOT_LISTED and can_be_filter([field]))
    facets = (_read_facet(field, snapshot) for field in fields if ":" not in field)
    yield from islice(filter(None, facets), MOST_FIELDS)


def _read_facet(field: str, snapshot: FieldCounts) -> Facet | None:
    """A field with its values; None if they would not help to choose documents."""
    counts = snapshot.count_values(field, MOST_DIFFERENT + 1)
    shown = [(value, count) for value, count in counts if can_be_filter([value])][:MOST_VALUES]
    if not 1 < len(counts) <= MOST_DIFFERENT or sum(count for _, count in counts) < FEWEST_EACH * len(counts):
        return None
    values = tuple(Value(value, f"{field}:{value}", count) for value, count in shown)
    return Facet(field, field, "document", values, len(counts) - len(values))


def count_folders(paths: Iterable[str]) -> list[tuple[str, int]]:
    """The first folders from above that tell files apart, those with the most files first; nothing for one folder."""
    folders = Counter(PurePosixPath(path).parts[:-1] for path in paths)
    for depth in range(1, max(map(len, folders), default=0) + 1):
        found: Counter[str] = Counter()
        for parts, count in folders.items():
            if parts:
                found["/".join(parts[:depth])] += count
        if len(found) > 1:
            return found.most_common()
    return []
