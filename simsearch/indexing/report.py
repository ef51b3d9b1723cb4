"""The report of an index run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from simsearch.decoding import GUESSED
from simsearch.indexing.missing import Missing
from simsearch.storage.protocols import Coverage

Action = Literal["add", "change", "remove"]
Kind = Literal["without_text", "partly_read", "guessed_encoding"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why; or a whole folder.

    Args:
        files: How many files that is: 1, or those in the folder (counting stops at walker.MOST_COUNTED).
    """

    path: str
    reason: str
    files: int = 1


NO_TEXT = "no text"
"""How the notice of a file without any text begins."""


@dataclass(frozen=True, slots=True)
class FileNotice:
    """A part of a file that was not read, or a guess about it."""

    path: str
    notice: str

    @property
    def kind(self) -> Kind:
        if self.notice.startswith(NO_TEXT):
            return "without_text"
        return "guessed_encoding" if self.notice.startswith(GUESSED) else "partly_read"

    def to_json(self) -> dict[str, str]:
        return {"path": self.path, "kind": self.kind, "notice": self.notice}


def list_notices(notices: Mapping[str, Sequence[str]]) -> list[FileNotice]:
    """The notices of each path, one by one."""
    return [FileNotice(path, notice) for path, said in notices.items() for notice in said]


def count_files(notices: Iterable[FileNotice]) -> dict[Kind, int]:
    """The number of files that have no text, were partly read, or are in a guessed encoding."""
    found = {(notice.kind, notice.path) for notice in notices}
    return {kind: sum(kind == of for of, _ in found) for kind in get_args(Kind)}


@dataclass(frozen=True, slots=True)
class Planned:
    """What an index run would do with a file."""

    path: str
    action: Action


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an index run did, in files.

    Args:
        plan: Of a dry run: every file that would be touched.
        chunks: Of the files that were added or changed.
        embedded: Strings that had no vector yet; one that occurs twice is embedded once.
        truncated: Chunks longer than the model reads.
        coverage: How many chunks of the index have vectors; fewer than all after a run that was stopped. None of a
            dry run.
        roots: What was brought up to date: the roots that were given whole.
        missing_roots: Other roots of the index that no longer exist.
        notices: Of the files that were added or changed: what was not read or was guessed.
        devices: How many strings each device embedded: `cpu`, `cuda` or `mps`; none where a plugin embeds.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    chunks: int
    embedded: int
    truncated: int
    seconds: float
    plan: tuple[Planned, ...] = ()
    coverage: Coverage | None = None
    notices: tuple[FileNotice, ...] = ()
    roots: tuple[str, ...] = ()
    missing_roots: tuple[Missing, ...] = ()
    devices: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        values = asdict(self) | {"notices": [notice.to_json() for notice in self.notices]}
        return values if self.plan else {name: value for name, value in values.items() if name != "plan"}
