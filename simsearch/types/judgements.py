"""What people said was right or wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person's verdict on one document for one question.

    It keeps the passage that was judged, so that it stays a training pair whatever happens to the file.

    Args:
        question: What was asked.
        path: The file, relative to the workspace's folder, as it was called then.
        id: The document's id, as it was then.
        right: Whether the document answers the question.
        passage: The text that was judged: a chunk, or the best chunk of the document.
        digest: sha256 of the file then, by which it is found again under another name; empty if it is not known.
        by: Who said so; empty if nobody was named.
        when: UTC, as 2026-01-31T12:00:00Z.
        rank: The rank at which the document was shown, from 1; None if it was not among the hits.
        note: Why, in the person's words.
    """

    question: str
    path: str
    id: str
    right: bool
    passage: str = ""
    digest: str = ""
    by: str = ""
    when: str = ""
    rank: int | None = None
    note: str = ""

    @property
    def is_of_whole_file(self) -> bool:
        """Whether the document is a file of its own, and not a row of a table or a part of another file."""
        return self.path.endswith(self.id) or self.id.endswith(self.path)
