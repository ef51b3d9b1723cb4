"""Notice that indexed folders and files no longer exist, and remember when each folder was last indexed."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from simsearch.files import write_atomically
from simsearch.home import Home
from simsearch.locations import locate, may_exist
from simsearch.storage.protocols import FileRecord
from simsearch.wording import counted


@dataclass(frozen=True, slots=True)
class Missing:
    """Indexed files that no longer exist.

    Args:
        root: The PATH given to `index` under which they were found, relative to the workspace's folder.
        files: How many.
        example: The path of one of them.
        whole: Whether the root itself no longer exists.
    """

    root: str
    files: int
    example: str
    whole: bool

    def __str__(self) -> str:
        count = counted(self.files, "file", "files")
        if self.whole:
            return (
                f"{self.root} no longer exists, but its {count} can still be found. Put it back, or run "
                f"`simsearch forget {self.root}`."
            )
        exist = "exists" if self.files == 1 else "exist"
        return f"{count} of {self.root} no longer {exist}, such as {self.example}. Run `simsearch index {self.root}`."


@dataclass(frozen=True, slots=True)
class IndexedRoot:
    """What was given to `index`.

    Args:
        root: Relative to the workspace's folder.
        files: How many files are indexed of it.
        exists: Whether it is still there. A URL is not looked at, and counts as there.
        indexed: When it was last brought up to date, ISO 8601 in UTC; None if that is unknown.
    """

    root: str
    files: int
    exists: bool
    indexed: str | None


def find_missing_roots(files: Iterable[FileRecord], folder: Path) -> tuple[Missing, ...]:
    """The roots that no longer exist.

    Args:
        folder: The workspace's folder.
    """
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for file in files:
        counts[file.root] += 1
        examples.setdefault(file.root, file.path)
    return tuple(
        Missing(root, count, examples[root], True)
        for root, count in sorted(counts.items())
        if not may_exist(locate(root, folder))
    )


def find_missing(files: Iterable[FileRecord], folder: Path) -> tuple[Missing, ...]:
    """The roots that no longer exist, and the missing files of those that do."""
    known = list(files)
    roots = find_missing_roots(known, folder)
    gone = {missing.root for missing in roots}
    paths: dict[str, list[str]] = defaultdict(list)
    for file in known:
        if file.root not in gone and not may_exist(locate(file.path, folder)):
            paths[file.root].append(file.path)
    others = (Missing(root, len(found), min(found), False) for root, found in sorted(paths.items()))
    return (*roots, *others)


def list_roots(files: Iterable[FileRecord], folder: Path, home: Path) -> tuple[IndexedRoot, ...]:
    """Every root of an index.

    Args:
        home: The workspace's .simsearch/.
    """
    indexed, counts = _read_times(home), Counter(file.root for file in files)
    return tuple(
        IndexedRoot(root, count, may_exist(locate(root, folder)), indexed.get(root))
        for root, count in sorted(counts.items())
    )


def record_run(home: Path, roots: Iterable[str]) -> None:
    """Remember that roots were indexed now. Where the folder can't be written, an unchanged index is not an error."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    times = {**_read_times(home), **dict.fromkeys(roots, now)}
    with suppress(OSError):
        write_atomically(Home(home).run_times, json.dumps(times, indent=2, ensure_ascii=False).encode())


def _read_times(home: Path) -> Mapping[str, str]:
    try:
        times = json.loads(Home(home).run_times.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(root): str(time) for root, time in times.items()} if isinstance(times, dict) else {}
