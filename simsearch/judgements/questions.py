"""The questions that were asked, kept only where the user wants it (use.keep_questions)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from simsearch.appending import append_lines, read_lines
from simsearch.judgements.log import utc_now
from simsearch.types import Hit

HITS_KEPT = 10


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as it was shown for a question."""

    path: str
    id: str
    score: float


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with what was shown.

    Args:
        when: UTC, as 2026-01-31T12:00:00Z.
        hits: The best ten, in order.
        good_match: Whether the best hit was a good match; None if that was unknown.
    """

    question: str
    when: str
    hits: tuple[ShownHit, ...]
    good_match: bool | None


class QuestionLog:
    """The questions of a workspace; lines are only added.

    Args:
        path: The file; its folder is made by the first `add`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, question: str, hits: Sequence[Hit]) -> None:
        """Keep a question with its hits.

        Raises:
            StorageError: The log can't be written.
        """
        shown = tuple(ShownHit(hit.path, hit.id, hit.score) for hit in hits[:HITS_KEPT])
        asked = AskedQuestion(question, utc_now(), shown, hits[0].good_match if hits else False)
        append_lines(self._path, [asdict(asked)])

    def read(self, days: int | None = None) -> list[AskedQuestion]:
        """The questions in the order they were asked; damaged lines are left out.

        Args:
            days: Only those of the last `days` days.
        """
        since = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ") if days else ""
        asked = (_parse(line) for line in read_lines(self._path))
        return [question for question in asked if question and question.when >= since]


def _parse(line: bytes) -> AskedQuestion | None:
    try:
        values: dict[str, Any] = json.loads(line)
        hits = tuple(
            ShownHit(str(hit["path"]), str(hit["id"]), float(hit["score"])) for hit in values["hits"]
        )
        good = values["good_match"]
        return AskedQuestion(
            str(values["question"]), str(values["when"]), hits, None if good is None else bool(good)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
