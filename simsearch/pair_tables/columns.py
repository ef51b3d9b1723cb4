"""Which columns of a file hold what: by the names that were given, or by usual names and what the columns hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simsearch.errors import TableError
from simsearch.pair_tables import names as known
from simsearch.pair_tables.file_columns import NONE, TEXTS, FileColumns, NamedColumns, ranked
from simsearch.pair_tables.file_rows import FileRows
from simsearch.pair_tables.names import is_negative, plain_name, rank
from simsearch.pair_tables.sides import find_sides
from simsearch.tables.kinds import is_empty

SURE_VERDICTS = ("label", "labels", "goldlabel", "pairlabel", "relevancelabel", "nlilabel", "verdict")


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """Which columns hold what; without a positive, rows are texts with the label of their class."""

    anchor: str
    positive: str | None = None
    score: str | None = None
    label: str | None = None
    negatives: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def used(self) -> set[str]:
        columns = (self.anchor, self.positive, self.score, self.label, *self.negatives)
        return {name for name in columns if name is not None}


def choose_columns(file: FileRows, named: NamedColumns) -> ChosenColumns:
    """Find the columns of a file.

    Raises:
        TableError: A column that was named is not there, or it can't be known which columns are meant.
    """
    return _Choice(FileColumns(file), named).choose()


@dataclass(frozen=True)
class _Choice:
    columns: FileColumns
    named: NamedColumns

    def choose(self) -> ChosenColumns:
        self._refuse_two_uses()
        anchor, positive = find_sides(self.columns, self.named)
        if anchor and positive:
            return self._pair_columns(anchor, positive)
        classes = self._class_columns()
        if classes:
            return classes
        raise self._unknown(anchor)

    def _refuse_two_uses(self) -> None:
        """Stop where a person named one column for two things."""
        named = [
            self.columns.given(name)
            for name in (self.named.anchor, self.named.positive, self.named.score, self.named.label)
        ]
        twice = _first([name for name in named if name and named.count(name) > 1])
        if twice:
            raise TableError(f"--columns names '{twice}' for two things; a column has one use")

    # The rest of a pair -------------------------------------------------------------------------------------

    def _pair_columns(self, anchor: str, positive: str) -> ChosenColumns:
        negatives = self._negatives({anchor, positive})
        rest = [name for name in self.columns.names if name not in (anchor, positive, *negatives)]
        score, label = (
            self.columns.given(self.named.score),
            self.columns.given(self.named.label),
        )
        notes: tuple[str, ...] = ()
        if not score and not label and self.named.score != NONE:
            several = bool(negatives) or rank(positive, known.CHOSEN) is not None
            score = self._score(rest, several)
            if score and negatives and self._is_margin(score):
                notes, score = (_about_margin(score),), None
        if not score and not label and self.named.label != NONE:
            label = self._label(rest)
        return ChosenColumns(anchor, positive, score, None if score else label, negatives, notes)

    def _score(self, names: Sequence[str], several: bool) -> str | None:
        """The column of scores, if any has a value.

        Args:
            several: Whether lists of scores are not those of the positives, or were given by a search.
        """
        unread = ("list",) if several else ()
        written = filter(self._has_values, ranked(names, known.SCORES))
        return _first([name for name in written if self.columns.kind(name) not in unread])

    def _has_values(self, name: str) -> bool:
        """Whether a column has any value. NaN is one: as a score it is refused with its row."""
        return any(value != value or not is_empty(value) for value in self.columns.values(name))

    def _label(self, names: Sequence[str]) -> str | None:
        from simsearch.pair_tables.verdicts import read_verdicts

        for name in ranked(names, known.VERDICTS):
            plain = plain_name(name)
            if plain in SURE_VERDICTS or plain.startswith("is"):
                return name
            try:
                read_verdicts(name, self.columns.file.cells(name), is_label=True)
            except TableError:
                if self.columns.has_few_values(name) and plain not in known.CLASSES:
                    raise
                continue
            return name
        return None

    def _is_margin(self, score: str) -> bool:
        """Whether the score of rows with negatives may be a margin: it is, unless it only says yes or no."""
        return any(
            str(value).strip() not in ("0", "1", "0.0", "1.0", "True", "False")
            for value in self.columns.values(score)
        )

    def _negatives(self, sides: set[str]) -> tuple[str, ...]:
        if self.named.negative == NONE:
            return ()
        if self.named.negative:
            whole = self.columns.find(self.named.negative)
            parts = (
                [whole] if whole else [self.columns.given(part) for part in self.named.negative.split("+")]
            )
            return tuple(part for part in parts if part)
        return tuple(
            name
            for name in self.columns.names
            if is_negative(name)
            and name not in sides
            and self.columns.kind(name) not in ("empty", "number")
            and not self.columns.holds_verdicts(name)
        )

    # Classes ------------------------------------------------------------------------------------------------

    def _class_columns(self) -> ChosenColumns | None:
        """A text and the label of its class."""
        usual = [
            *ranked(self.columns.names_of("text"), known.CLASS_TEXTS),
            *ranked(self.columns.names, known.CLASS_TEXTS),
        ]
        text = self.columns.given(self.named.anchor) or _first(usual)
        labels = [name for name in ranked(self.columns.names, known.CLASSES) if name != text]
        label = self.columns.given(self.named.label) or _first(labels)
        if not text or not label:
            return None
        if not self.named.label:
            self._refuse_second_text(text, label)
        return ChosenColumns(text, label=label)

    def _refuse_second_text(self, text: str, label: str) -> None:
        others = [
            name
            for name in self.columns.names_of(*TEXTS)
            if name not in (text, label) and self.columns.has_many_texts(name)
        ]
        if self.columns.has_many_texts(label):
            raise TableError(
                f"the column '{label}' has a different text in nearly every row, so it holds no classes; if the "
                "rows are pairs, say so",
                option=f"anchor={text},positive={label}",
            )
        if others:
            listed = ", ".join(f"'{name}'" for name in (text, *others))
            raise TableError(
                f"several columns hold texts ({listed}), and '{label}' holds labels, so they may be pairs or texts of "
                f"classes. For pairs, add --columns anchor={text},positive={others[0]}; for texts of classes, "
                f"--columns anchor={text},label={label}. The columns are {self.columns.listed}"
            )

    def _unknown(self, anchor: str | None) -> TableError:
        if self.columns.file.without_header:
            return TableError(
                "this looks like data, not like column names; give the file a header, or say which columns "
                "hold the texts by their numbers",
                self.columns.file.first_row,
                option="anchor=1,positive=2",
            )
        missing = (
            f"is no column 'positive' to go with '{anchor}'"
            if anchor
            else "are no columns 'anchor' and 'positive'"
        )
        no_texts = (
            ""
            if self.columns.names_of(*TEXTS)
            else " There are only identifiers and numbers in it, and no texts."
        )
        return TableError(
            f"there {missing}, under these or other usual names. Its columns are: "
            f"{self.columns.listed or 'none'}."
            f"{no_texts} Name them in the file, or say which they are",
            option="anchor=NAME,positive=NAME",
        )


def _first(names: Sequence[str]) -> str | None:
    return names[0] if names else None


def _about_margin(score: str) -> str:
    return (
        f"The column '{score}' is not used: with a positive and negatives a score usually is their margin. "
        f"If it is the similarity of anchor and positive, use --columns score={score}."
    )
