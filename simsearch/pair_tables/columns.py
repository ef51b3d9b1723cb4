"""Which columns of a file hold what: by the names that were given, or by usual names and what the columns hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from simsearch.errors import TableError
from simsearch.pair_tables import names as known
from simsearch.pair_tables.file_rows import FileRows
from simsearch.pair_tables.names import is_negative, partner, plain_name, rank
from simsearch.tables.kinds import ColumnKind, is_empty, kind_of_column

NONE = "none"
"""In place of a column's name: there is no such column."""
TEXTS: tuple[ColumnKind, ...] = ("text", "list", "object")
LIKELY_ANCHORS = (
    known.ANCHORS[: known.ANCHORS.index("source")] + known.ANCHORS[known.ANCHORS.index("frage") :]
)
SIDES = (
    ("sentence", "similar"), ("sentence", "paraphrase"), ("text", "similar"), ("text", "paraphrase"),
    ("sentence", "positive"), ("text", "positive"), ("source", "target"), ("src", "tgt"), ("user", "assistant"),
    ("human", "assistant"), ("human", "gpt"), ("text", "answer"), ("text", "response"), ("title", "body"),
    ("title", "text"), ("title", "content"), ("title", "abstract"), ("title", "description"), ("title", "answer"),
    ("title", "paragraph"), ("title", "article"), ("headline", "article"), ("headline", "body"), ("subject", "body"),
)  # fmt: skip
"""Names that are the two sides only together."""
SURE_VERDICTS = ("label", "labels", "goldlabel", "pairlabel", "relevancelabel", "nlilabel", "verdict")


@dataclass(frozen=True, slots=True)
class NamedColumns:
    """What a person said: empty for what the file shows, `none` for what it doesn't have."""

    anchor: str = ""
    positive: str = ""
    score: str = ""
    label: str = ""
    negative: str = ""


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
    return _Choice(file, named).choose()


@dataclass(frozen=True)
class _Choice:
    file: FileRows
    named: NamedColumns
    kinds: dict[str, ColumnKind] = field(default_factory=dict)

    def choose(self) -> ChosenColumns:
        anchor, positive = self._sides()
        if anchor and positive:
            return self._pair_columns(anchor, positive)
        classes = self._class_columns()
        if classes:
            return classes
        raise self._unknown(anchor)

    # The two sides ------------------------------------------------------------------------------------------

    def _sides(self) -> tuple[str | None, str | None]:
        anchor, positive = self._given(self.named.anchor), self._given(self.named.positive)
        if (
            (anchor and positive)
            or (anchor and self.named.label and not positive)
            or self.file.without_header
        ):
            return anchor, positive
        for names in (self._names_of(*TEXTS), self.file.names):
            found = self._sides_among(names, anchor, positive)
            if found:
                return found
        return anchor, positive

    def _sides_among(
        self, names: Sequence[str], anchor: str | None, positive: str | None
    ) -> tuple[str, str] | None:
        names = [name for name in names if not is_negative(name)]
        anchors = [anchor] if anchor else _ranked(names, LIKELY_ANCHORS)
        positives = [positive] if positive else _ranked(names, known.POSITIVES)
        for one in anchors:
            for other in positives:
                if one != other:
                    self._refuse_twins(one, other)
                    return one, other
        if positive:
            anchors = _ranked([name for name in names if name != positive], known.ANCHORS)
            return (anchors[0], positive) if anchors else None
        return self._numbered_sides(names, anchor) or self._paired_sides(names, anchor)

    def _numbered_sides(self, names: Sequence[str], anchor: str | None) -> tuple[str, str] | None:
        """Two columns such as sentence1 and sentence2."""
        found = [
            (one, other)
            for one in names
            for other in names
            if partner(one) == plain_name(other) and anchor in (None, one)
        ]
        if len(found) > 1 or (found and _ranked(names, LIKELY_ANCHORS)):
            return None
        return found[0] if found else None

    def _paired_sides(self, names: Sequence[str], anchor: str | None) -> tuple[str, str] | None:
        by_name = {plain_name(name): name for name in names}
        for one, other in SIDES:
            if one in by_name and other in by_name and anchor in (None, by_name[one]):
                if set(map(plain_name, self.file.names)) & (set(known.CLASSES) - {one, other}):
                    return None  # a title, a text and a label may be pairs or classes
                self._refuse_twins(by_name[one], by_name[other])
                return by_name[one], by_name[other]
        return None

    def _refuse_twins(self, *chosen: str) -> None:
        for name in chosen:
            twins = [other for other in self.file.names if plain_name(other) == plain_name(name)]
            if len(twins) > 1 and not (self.named.anchor or self.named.positive):
                listed = " and ".join(f"'{twin}'" for twin in twins)
                raise TableError(
                    f"there are two columns of nearly the same name, {listed}; rename one, or say which is meant",
                    option="anchor=NAME,positive=NAME",
                )

    # The rest of a pair -------------------------------------------------------------------------------------

    def _pair_columns(self, anchor: str, positive: str) -> ChosenColumns:
        negatives = self._negatives({anchor, positive})
        rest = [name for name in self.file.names if name not in (anchor, positive, *negatives)]
        score, label = self._given(self.named.score), self._given(self.named.label)
        notes: tuple[str, ...] = ()
        if not score and not label and self.named.score != NONE:
            score = self._score(rest)
            if score and negatives and self._is_margin(score):
                notes, score = (_about_margin(score),), None
        if not score and not label and self.named.label != NONE:
            label = self._label(rest)
        return ChosenColumns(anchor, positive, score, None if score else label, negatives, notes)

    def _score(self, names: Sequence[str]) -> str | None:
        return _first([name for name in _ranked(names, known.SCORES) if self._may_be_scores(name)])

    def _may_be_scores(self, name: str) -> bool:
        """Whether a column has any value, and no lists: those are the scores of negatives or of several positives."""
        written = [value for value in self.file.column(name) if value is not None and str(value).strip()]
        return bool(written) and self._kind(name) != "list"

    def _label(self, names: Sequence[str]) -> str | None:
        from simsearch.pair_tables.verdicts import read_verdicts

        for name in _ranked(names, known.VERDICTS):
            plain = plain_name(name)
            if plain in SURE_VERDICTS or plain.startswith("is"):
                return name
            try:
                read_verdicts(name, self.file.cells(name), is_label=True)
            except TableError:
                continue
            return name
        return None

    def _is_margin(self, score: str) -> bool:
        """Whether the score of rows with negatives may be a margin: it is, unless it only says yes or no."""
        return any(
            str(value).strip() not in ("0", "1", "0.0", "1.0", "True", "False")
            for value in self.file.column(score)
        )

    def _negatives(self, sides: set[str]) -> tuple[str, ...]:
        if self.named.negative == NONE:
            return ()
        if self.named.negative:
            whole = self._find(self.named.negative)
            parts = [whole] if whole else [self._given(part) for part in self.named.negative.split("+")]
            return tuple(part for part in parts if part)
        return tuple(
            name
            for name in self.file.names
            if is_negative(name) and name not in sides and self._kind(name) not in ("empty", "number")
        )

    # Classes ------------------------------------------------------------------------------------------------

    def _class_columns(self) -> ChosenColumns | None:
        """A text and the label of its class."""
        usual = [
            *_ranked(self._names_of("text"), known.CLASS_TEXTS),
            *_ranked(self.file.names, known.CLASS_TEXTS),
        ]
        text = self._given(self.named.anchor) or _first(usual)
        labels = [name for name in _ranked(self.file.names, known.CLASSES) if name != text]
        label = self._given(self.named.label) or _first(labels)
        if not text or not label:
            return None
        if not self.named.label:
            self._refuse_second_text(text, label)
        return ChosenColumns(text, label=label)

    def _refuse_second_text(self, text: str, label: str) -> None:
        others = [
            name
            for name in self._names_of(*TEXTS)
            if name not in (text, label) and self._has_many_texts(name)
        ]
        if self._has_many_texts(label):
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
                f"--columns anchor={text},label={label}. The columns are {', '.join(self.file.names)}"
            )

    def _has_many_texts(self, name: str) -> bool:
        """Whether a column has sentences that hardly repeat."""
        values = [str(value).strip() for value in self.file.column(name) if not is_empty(value)]
        words = sum(len(value.split()) for value in values)
        return len(values) > 1 and len({*values}) > 0.5 * len(values) and words > 1.5 * len(values)

    # Names and values ---------------------------------------------------------------------------------------

    def _given(self, name: str) -> str | None:
        """The column that a person named.

        Raises:
            TableError: It is not there.
        """
        if not name or name == NONE:
            return None
        found = self._find(name)
        if found is None:
            raise TableError(f"there is no column '{name}'. Its columns are: {', '.join(self.file.names)}")
        return found

    def _find(self, name: str) -> str | None:
        """A column by its name, by its name in other letters if that is one column's, or by its number."""
        if name in self.file.names:
            return name
        same = [other for other in self.file.names if other.strip().lower() == name.strip().lower()]
        if len(same) == 1:
            return same[0]
        place = int(name) if name.isascii() and name.isdigit() else 0
        return self.file.names[place - 1] if 0 < place <= len(self.file.names) else None

    def _kind(self, name: str) -> ColumnKind:
        if name not in self.kinds:
            self.kinds[name] = kind_of_column(self.file.column(name))
        return self.kinds[name]

    def _names_of(self, *kinds: ColumnKind) -> list[str]:
        return [name for name in self.file.names if self._kind(name) in kinds]

    def _unknown(self, anchor: str | None) -> TableError:
        if self.file.without_header:
            return TableError(
                "this looks like data, not like column names; give the file a header, or say which columns "
                "hold the texts by their numbers",
                self.file.first_row,
                option="anchor=1,positive=2",
            )
        missing = (
            f"is no column 'positive' to go with '{anchor}'"
            if anchor
            else "are no columns 'anchor' and 'positive'"
        )
        no_texts = (
            "" if self._names_of(*TEXTS) else " There are only identifiers and numbers in it, and no texts."
        )
        return TableError(
            f"there {missing}, under these or other usual names. Its columns are: "
            f"{', '.join(self.file.names) or 'none'}."
            f"{no_texts} Name them in the file, or say which they are",
            option="anchor=NAME,positive=NAME",
        )


def _ranked(names: Iterable[str], usual: tuple[str, ...]) -> list[str]:
    """The columns that have a usual name, the likeliest first."""
    ranks = [(place, name) for name in names if (place := rank(name, usual)) is not None]
    return [name for _, name in sorted(ranks, key=lambda ranked: ranked[0])]


def _first(names: Sequence[str]) -> str | None:
    return names[0] if names else None


def _about_margin(score: str) -> str:
    return (
        f"The column '{score}' is not used: with a positive and negatives a score usually is their margin. "
        f"If it is the similarity of anchor and positive, use --columns score={score}."
    )
