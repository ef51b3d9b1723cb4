"""What a map is fitted on: vectors of questions and of what each should find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsearch.types import Rows, Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Pairs as vectors.

    Args:
        questions: Of the anchors, float32 [n, d], unit length.
        documents: Of the positives, float32 [n, d], unit length.
        labels: int64 [n, m]. Two rows with the same number in a column (the same question, the same document, the same
            class) are not each other's negatives; -1 means no label.
        groups: int64 [n]. Rows with the same number are related, and stay on one side of every fold.
    """

    questions: Vectors
    documents: Vectors
    labels: Rows
    groups: Rows

    def __len__(self) -> int:
        return len(self.questions)

    def take(self, rows: Rows) -> Examples:
        return Examples(self.questions[rows], self.documents[rows], self.labels[rows], self.groups[rows])

    def answers(self) -> NDArray[np.bool_]:
        """Whether the document of one row also answers the question of another: bool [n, n], true on the diagonal."""
        same = np.eye(len(self), dtype=bool)
        for column in self.labels.T:
            same |= (column[:, None] == column[None, :]) & (column != -1)[:, None]
        return same
