"""Related rows: those with a text, a near-duplicate, a source or a group in common, which must stay on one side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simsearch.errors import InputError
from simsearch.near_duplicates import NEAR_DUPLICATE, connected, near_duplicates, normalise

if TYPE_CHECKING:
    from simsearch.types import Pair

GROUP_COLUMNS = ("group", "source")

FEWEST_GROUPS = 20


def related_rows(pairs: Sequence[Pair], by: str = "", similar: float = NEAR_DUPLICATE) -> list[list[int]]:
    """Rows that must stay on one side: those with a text, a near-duplicate, a source or a group in common.

    Args:
        by: As of `grouped`.
        similar: As of `grouped`.
    """
    return connected(len(pairs), _links(pairs, by, similar))


def answers_of(pairs: Sequence[Pair]) -> dict[str, set[str]]:
    """For each anchor the texts that can't be its negatives: its positives, itself, and its class; all normalised."""
    answers: dict[str, set[str]] = defaultdict(set)
    classes: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        both = {normalise(pair.positive), normalise(pair.anchor)}
        answers[normalise(pair.anchor)] |= both
        if pair.label is not None:
            classes[pair.label] |= both
    for pair in pairs:
        if pair.label is not None:
            answers[normalise(pair.anchor)] = classes[pair.label]
    return answers


def grouping_columns(pairs: Sequence[Pair], by: str = "") -> list[str]:
    """The columns whose equal values hold rows together.

    Args:
        by: As of `grouped`.
    """
    if by:
        return [by]
    return [name for name in GROUP_COLUMNS if _names_groups(pairs, name)]


def _names_groups(pairs: Sequence[Pair], name: str) -> bool:
    values = {str(pair.columns[name]) for pair in pairs if pair.columns.get(name) not in (None, "")}
    # A `source` of a few values (web sites, say) does not name groups that could stay on one side.
    return bool(values) and (name == "group" or len(values) >= FEWEST_GROUPS)


def _links(pairs: Sequence[Pair], by: str, similar: float) -> Iterator[tuple[int, int]]:
    """Edges between rows that must stay together."""
    texts: dict[str, int] = {}
    for text, index in tying_texts(pairs):
        yield texts.setdefault(text, index), index
    distinct = sorted(texts)  # the same groups whatever the order of the rows
    for one, other in near_duplicates(distinct, similar):
        yield texts[distinct[one]], texts[distinct[other]]
    for name in grouping_columns(pairs, by):
        yield from _links_by_column(pairs, name, required=bool(by))


def tying_texts(pairs: Sequence[Pair]) -> Iterator[tuple[str, int]]:
    """The normalised texts that hold rows together, each with its row."""
    for index, pair in enumerate(pairs):
        yield normalise(pair.anchor), index
        if pair.similar:
            yield normalise(pair.positive), index


def _links_by_column(pairs: Sequence[Pair], name: str, required: bool) -> Iterator[tuple[int, int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for index, pair in enumerate(pairs):
        value = pair.columns.get(name)
        if value in (None, "") and required:
            raise InputError(f"there is no value for '{name}' to group by.", path=pair.source, row=pair.row)
        if value not in (None, ""):
            groups[str(value)].append(index)
    yield from ((members[0], index) for members in groups.values() for index in members)
