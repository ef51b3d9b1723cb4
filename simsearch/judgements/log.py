"""The log of judgements: lines are only added, so a killed process or a full disk costs no earlier line.

Each line is one JSON object: a judgement, or the removal of the judgements of a question and a document. A line that a
killed process has cut short is skipped and counted.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from simsearch.appending import append_lines, read_lines
from simsearch.near_duplicates import normalise
from simsearch.types import Judgement

Key = tuple[str, str]
"""The normalised question and the document's id: what a judgement is about."""

_TYPES = {field.name: field.type for field in fields(Judgement)}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """People disagree about a document for a question; the latest judgement counts."""

    question: str
    id: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoggedJudgements:
    """What the log says.

    Args:
        judgements: The judgement that counts for each question and document, in the order they were first judged.
        contradictions: Where people disagree.
        damaged: Lines that could not be read.
    """

    judgements: tuple[Judgement, ...]
    contradictions: tuple[Contradiction, ...] = ()
    damaged: int = 0


class JudgementLog:
    """The judgements of a workspace.

    Args:
        path: The file; its folder is made by the first `add`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> LoggedJudgements:
        """Every judgement that counts."""
        by_person: dict[Key, dict[str, Judgement]] = {}
        damaged = 0
        for line in read_lines(self._path):
            entry = _parse(line)
            if isinstance(entry, Judgement):
                people = by_person.setdefault(key_of(entry), {})
                people.pop(entry.by, None)  # the latest comes last
                people[entry.by] = entry
            elif entry is None:
                damaged += 1
            else:
                by_person.pop(entry, None)
        latest = tuple(list(people.values())[-1] for people in by_person.values())
        return LoggedJudgements(latest, tuple(_contradictions(by_person)), damaged)

    def add(self, judgements: Sequence[Judgement]) -> None:
        """Append judgements, all or none. One of the same person, question and document replaces the earlier one.

        Raises:
            StorageError: The log can't be written.
        """
        append_lines(self._path, [{"judgement": asdict(judgement)} for judgement in judgements])

    def remove(self, question: str, names: Collection[str]) -> bool:
        """Take back every judgement of a question and a document; whether there was one.

        Args:
            names: Ids or paths that may be meant. The path of a file takes back what was said of its parts, too.

        Raises:
            StorageError: The log can't be written.
        """
        asked = normalise(question)
        ids = {
            judgement.id
            for judgement in self.read().judgements
            if normalise(judgement.question) == asked and {judgement.id, judgement.path} & {*names}
        }
        if ids:
            append_lines(self._path, [{"removed": {"question": question, "id": id}} for id in sorted(ids)])
        return bool(ids)


def new_judgement(question: str, document: str, right: bool, by: str, note: str = "") -> Judgement:
    """A judgement of now, about a document that has yet to be found."""
    return Judgement(question, document, document, right, by=by, when=utc_now(), note=note)


def utc_now() -> str:
    """The time in UTC, as 2026-01-31T12:00:00Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def key_of(judgement: Judgement) -> Key:
    """What a judgement is about."""
    return normalise(judgement.question), judgement.id


def _parse(line: bytes) -> Judgement | Key | None:
    """A judgement, the key of removed ones, or None where the line is damaged."""
    try:
        entry = json.loads(line)
        if removed := entry.get("removed"):
            return normalise(removed["question"]), str(removed["id"])
        values = {name: value for name, value in entry["judgement"].items() if name in _TYPES}
        judgement = Judgement(**values)
        return judgement if _has_right_types(judgement) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _has_right_types(judgement: Judgement) -> bool:
    values = asdict(judgement)
    rank, right = values.pop("rank"), values.pop("right")
    return (
        isinstance(right, bool)
        and type(rank) in (int, type(None))
        and set(map(type, values.values())) == {str}
    )


def _contradictions(by_person: dict[Key, dict[str, Judgement]]) -> Iterator[Contradiction]:
    for people in by_person.values():
        right = tuple(name for name, judgement in people.items() if judgement.right)
        wrong = tuple(name for name, judgement in people.items() if not judgement.right)
        if right and wrong:
            latest = list(people.values())[-1]
            yield Contradiction(latest.question, latest.id, right, wrong)
