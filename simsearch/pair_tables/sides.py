"""Which two columns are the sides of a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simsearch.errors import TableError
from simsearch.pair_tables import names as known
from simsearch.pair_tables.file_columns import TEXTS, FileColumns, NamedColumns, ranked
from simsearch.pair_tables.names import is_negative, partner, plain_name

LIKELY_ANCHORS = (
    known.ANCHORS[: known.ANCHORS.index("source")] + known.ANCHORS[known.ANCHORS.index("frage") :]
)
SIDES = (
    ("q", "a"), ("sentence", "similar"), ("sentence", "paraphrase"), ("text", "similar"), ("text", "paraphrase"),
    ("sentence", "positive"), ("text", "positive"), ("source", "target"), ("src", "tgt"), ("user", "assistant"),
    ("human", "assistant"), ("human", "gpt"), ("text", "answer"), ("text", "response"), ("title", "body"),
    ("title", "text"), ("title", "content"), ("title", "abstract"), ("title", "description"), ("title", "answer"),
    ("title", "paragraph"), ("title", "article"), ("headline", "article"), ("headline", "body"), ("subject", "body"),
)  # fmt: skip
"""Names that are the two sides only together."""


def find_sides(columns: FileColumns, named: NamedColumns) -> tuple[str | None, str | None]:
    """The columns of anchors and positives; None for one that can't be told.

    Raises:
        TableError: A column that was named is not there, or two have nearly the same name.
    """
    return _Sides(columns, named).find()


@dataclass(frozen=True, slots=True)
class _Sides:
    columns: FileColumns
    named: NamedColumns

    def find(self) -> tuple[str | None, str | None]:
        anchor, positive = (
            self.columns.given(self.named.anchor),
            self.columns.given(self.named.positive),
        )
        if (
            (anchor and positive)
            or (anchor and self.named.label and not positive)
            or self.columns.file.without_header
        ):
            return anchor, positive
        for names in (self.columns.names_of(*TEXTS), self.columns.names):
            found = self._sides_among(names, anchor, positive)
            if found:
                return found
        return anchor, positive

    def _sides_among(
        self, names: Sequence[str], anchor: str | None, positive: str | None
    ) -> tuple[str, str] | None:
        names = [name for name in names if not is_negative(name) and not self.columns.holds_verdicts(name)]
        anchors = [anchor] if anchor else self._with_varied_first(ranked(names, LIKELY_ANCHORS))
        positives = [positive] if positive else ranked(names, known.POSITIVES)
        for one in anchors:
            for other in positives:
                if one != other:
                    self._refuse_similar_names(one, other)
                    return one, other
        if positive:
            anchors = ranked([name for name in names if name != positive], known.ANCHORS)
            return (anchors[0], positive) if anchors else None
        return self._numbered_sides(names, anchor) or self._paired_sides(names, anchor)

    def _with_varied_first(self, names: Sequence[str]) -> list[str]:
        """The same columns, those that say the same in every row last, as an instruction for all questions does."""
        return sorted(names, key=lambda name: len(set(map(str, self.columns.values(name)))) == 1)

    def _numbered_sides(self, names: Sequence[str], anchor: str | None) -> tuple[str, str] | None:
        """Two columns such as sentence1 and sentence2."""
        found = [
            (one, other)
            for one in names
            for other in names
            if partner(one) == plain_name(other) and anchor in (None, one)
        ]
        if len(found) > 1 or (found and ranked(names, LIKELY_ANCHORS)):
            return None
        return found[0] if found else None

    def _paired_sides(self, names: Sequence[str], anchor: str | None) -> tuple[str, str] | None:
        by_name = {plain_name(name): name for name in names}
        for one, other in SIDES:
            if one in by_name and other in by_name and anchor in (None, by_name[one]):
                if set(map(plain_name, self.columns.names)) & (set(known.CLASSES) - {one, other}):
                    return None  # a title, a text and a label may be pairs or classes
                self._refuse_similar_names(by_name[one], by_name[other])
                return by_name[one], by_name[other]
        return None

    def _refuse_similar_names(self, *chosen: str) -> None:
        for name in chosen:
            similar = [other for other in self.columns.names if plain_name(other) == plain_name(name)]
            if len(similar) > 1 and not (self.named.anchor or self.named.positive):
                listed = " and ".join(f"'{other}'" for other in similar)
                raise TableError(
                    f"there are two columns of nearly the same name, {listed}; rename one, or say which is meant",
                    option="anchor=NAME,positive=NAME",
                )
