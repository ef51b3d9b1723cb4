"""What an index run says of itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Action = Literal["add", "change", "remove"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why; or a whole folder.

    Args:
        files: How many files that is: 1, or those in the folder (counting stops at walker.MOST_COUNTED).
    """

    path: str
    reason: str
    files: int = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """What a dry run would do with a file."""

    path: str
    action: Action


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an index run did, counted in files.

    Args:
        plan: Of a dry run: every file that would be touched.
        chunks: Of the files that were added or changed.
        embedded: Strings that had no vector yet; one that occurs twice is embedded once.
        truncated: Chunks longer than the model reads.
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

    def to_json(self) -> dict[str, Any]:
        values = asdict(self)
        return values if self.plan else {name: value for name, value in values.items() if name != "plan"}
