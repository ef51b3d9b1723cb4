"""How files of pairs were read: which column was taken for what, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from simsearch.tuning.pairs.reading import ReadFile
from simsearch.tuning.pairs.scales import Scale
from simsearch.types import SIMILAR_SCORE, Pair, PairColumns

SHOWN = 70
"""Characters of an example that are shown."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row as it was read."""

    row: int
    anchor: str
    positive: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read.

    Args:
        file: As it was named.
        rows: Its rows of data.
        pairs: How many pairs were made of them.
        columns: Which column was taken for what.
        unread: The columns that nothing uses.
        similar: Pairs with a score of at least 0.5 (scaled to 0 to 1), or without a score.
        dissimilar: The other pairs.
        negatives: Negative texts of all pairs.
        classes: How many classes, if it holds texts with labels; 0 for pairs.
        notes: What was left out or not used, a sentence each.
        examples: The first pairs of a different score each.
    """

    file: str
    rows: int
    pairs: int
    columns: PairColumns
    unread: tuple[str, ...]
    similar: int
    dissimilar: int
    negatives: int
    classes: int
    notes: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    def sentences(self) -> Iterator[str]:
        """The same for a person, one line per item; without the notes."""
        yield f"{self.file}: {_count(self.pairs, 'pair')} from {_count(self.rows, 'row')}; {self._columns()}."
        if self.unread:
            yield f"Not read: {', '.join(self.unread)}."
        yield f"{self._kinds()}."
        for example in self.examples:
            score = "" if example.score is None else f" ({example.score:g})"
            yield f"Row {example.row}: {_shorten(example.anchor)} → {_shorten(example.positive)}{score}"

    def _columns(self) -> str:
        columns = self.columns
        named = {
            "anchor": columns.anchor,
            "positive": columns.positive,
            "score": columns.score,
            "label" if columns.positive else "class": columns.label,
            "negatives": ", ".join(columns.negatives) or None,
        }
        said = [f"{what} from '{name}'" for what, name in named.items() if name]
        return ", ".join(said) or "its pair reader doesn't name columns"

    def _kinds(self) -> str:
        if self.classes:
            return f"Texts of {self.classes} classes"
        negatives = f", with {_count(self.negatives, 'negative')}" if self.negatives else ""
        return f"Similar: {self.similar}; dissimilar: {self.dissimilar}{negatives}"


def describe_files(files: Sequence[ReadFile], scale: Scale | None, used: Set[str]) -> tuple[Reading, ...]:
    """How each file was read.

    Args:
        scale: What brings their scores to 0 to 1; None if they have none.
        used: Columns that something else than the pair reader uses, such as the splitter.
    """
    return tuple(_describe(file, scale, used) for file in files)


def _describe(file: ReadFile, scale: Scale | None, used: Set[str]) -> Reading:
    read = file.pairs
    similar = sum(_is_similar(pair, scale) for pair in read)
    return Reading(
        file=file.name,
        rows=read.rows,
        pairs=len(read.pairs),
        columns=read.columns,
        unread=tuple(name for name in read.unread if name not in used),
        similar=similar,
        dissimilar=len(read.pairs) - similar,
        negatives=sum(len(pair.negatives) for pair in read),
        classes=read.classes,
        notes=read.notes,
        examples=tuple(_examples(read.pairs, scale)),
    )


def _is_similar(pair: Pair, scale: Scale | None) -> bool:
    return pair.score is None or scale is None or scale.unit(pair.score) >= SIMILAR_SCORE


def _examples(pairs: Sequence[Pair], scale: Scale | None) -> Iterator[Example]:
    """The first pair, and the first on the other side of 0.5, or else the second."""
    chosen = [*pairs[:1]]
    other = (pair for pair in pairs[1:] if _is_similar(pair, scale) != _is_similar(pairs[0], scale))
    chosen.extend([next(other, pairs[1])] if len(pairs) > 1 else [])
    for pair in chosen:
        yield Example(pair.row, pair.anchor, pair.positive, pair.score)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
