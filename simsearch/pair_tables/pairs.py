"""Rows to pairs: every text of a row in its place, and nothing left out without being counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from simsearch.errors import TableError
from simsearch.near_duplicates import normalise
from simsearch.pair_tables.cells import texts_in
from simsearch.pair_tables.columns import ChosenColumns
from simsearch.pair_tables.file_rows import FileRows
from simsearch.pair_tables.verdicts import Verdict, read_verdicts
from simsearch.tables.kinds import is_empty
from simsearch.types import Pair, PairColumns, PairFile
from simsearch.utf8 import is_utf8
from simsearch.wording import counted


def make_pairs(path: Path, file: FileRows, columns: ChosenColumns) -> PairFile:
    """The pairs of a file of two texts a row.

    Raises:
        TableError: A text is missing, or what the score or label says is not understood; names the row.
    """
    return _PairMaker(path, file, columns).make()


@dataclass(frozen=True)
class _PairMaker:
    path: Path
    file: FileRows
    columns: ChosenColumns

    def make(self) -> PairFile:
        columns, anchor = self.columns, self.columns.anchor
        positive = str(columns.positive)
        verdicts = self._verdicts(positive)
        pairs: list[Pair] = []
        left_out: Counter[str] = Counter()
        dropped = 0
        for (number, row), found in zip(self.file.rows, verdicts, strict=True):
            others = {name: row[name] for name in row if name not in columns.used}
            anchors = self._texts(number, row, anchor)
            positives = self._judged_texts(number, row, positive, found)
            negatives, equal = self._negatives(number, row, [*anchors, *(text for text, _ in positives)])
            dropped += equal
            if len(anchors) > 1 and len(positives) > 1:
                raise TableError(
                    f"'{anchor}' has {len(anchors)} texts and '{positive}' {len(positives)}, so it can't be known "
                    "which belong together; give each a row",
                    number,
                )
            for one in anchors:
                for other, verdict in positives:
                    if verdict.word:
                        left_out[verdict.word] += 1
                        continue
                    pairs.append(
                        Pair(one, other, negatives, verdict.score, others, source=str(self.path), row=number)
                    )
        return PairFile(
            pairs=tuple(pairs),
            rows=len(self.file.rows),
            columns=PairColumns(anchor, positive, columns.score, columns.label, columns.negatives),
            unread=tuple(name for name in self.file.names if name not in columns.used),
            notes=(*columns.notes, *_notes(left_out, dropped)),
        )

    def _verdicts(self, positive: str) -> list[Sequence[Verdict]]:
        """What the file says of each row: one verdict, or one for each of its positives."""
        column = self.columns.score or self.columns.label
        if not column:
            return [(Verdict(None),)] * len(self.file.rows)
        is_label = column == self.columns.label
        cells = self.file.cells(column)
        if not any(isinstance(value, list) for _, value in cells):
            return [(verdict,) for verdict in read_verdicts(column, cells, is_label)]
        for number, row in self.file.rows:
            values, texts = row.get(column), row.get(positive)
            if not isinstance(values, list) or len(values) != (len(texts) if isinstance(texts, list) else 1):
                raise TableError(
                    f"'{column}' must be a list with one value for each text in '{positive}'", number
                )
        listed = [(number, value) for number, values in cells for value in values]
        verdicts = iter(read_verdicts(column, listed, is_label))
        return [tuple(islice(verdicts, len(values))) for _, values in cells]

    def _judged_texts(
        self, number: int, row: Mapping[str, Any], name: str, found: Sequence[Verdict]
    ) -> list[tuple[str, Verdict]]:
        """The positives of a row, each with what the file says of it."""
        cell = row.get(name)
        items = [(cell, found[0])] if len(found) == 1 else zip(cell or (), found, strict=True)
        judged = [
            (text, verdict) for item, verdict in items for text in _texts_of(number, {name: item}, name)
        ]
        if not judged:
            raise _empty(number, name)
        return judged

    def _texts(self, number: int, row: Mapping[str, Any], name: str) -> list[str]:
        texts = _texts_of(number, row, name)
        if not texts:
            raise _empty(number, name)
        return texts

    def _negatives(
        self, number: int, row: Mapping[str, Any], others: Sequence[str]
    ) -> tuple[tuple[str, ...], int]:
        """The negatives of a row, and how many more are its other texts."""
        texts = [text for name in self.columns.negatives for text in _texts_of(number, row, name)]
        right = set(map(normalise, others))
        kept = tuple(text for text in texts if normalise(text) not in right)
        return kept, len(texts) - len(kept)


def _empty(number: int, name: str) -> TableError:
    return TableError(f"'{name}' is empty; a pair needs two texts", number)


def _texts_of(number: int, row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name)
    if is_empty(value):
        return []
    try:
        texts = texts_in(value, name)
    except TableError as error:
        raise TableError(error.reason, number) from error
    for text in texts:
        refuse_invalid_characters(number, name, text)
    return texts


def refuse_invalid_characters(number: int, name: str, text: str) -> None:
    """Stop at a lone surrogate, which can't be stored.

    Raises:
        TableError: There is one.
    """
    if not is_utf8(text):
        raise TableError(
            f"'{name}' contains an invalid character (a lone surrogate); fix the encoding", number
        )


def _notes(left_out: Mapping[str, int], dropped: int) -> Iterator[str]:
    if left_out:
        words = ", ".join(f"{count} {word}" for word, count in left_out.items())
        yield f"Rows that say neither similar nor dissimilar are left out: {words}."
    if dropped:
        yield (
            f"{counted(dropped, 'negative is', 'negatives are')} left out because the same row has "
            "the same text as its anchor or a positive."
        )
