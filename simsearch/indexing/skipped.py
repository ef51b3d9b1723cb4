"""Remember which files the last run skipped, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from simsearch.files import write_atomically
from simsearch.home import Home
from simsearch.indexing.report import Skipped
from simsearch.indexing.roots import is_under


def record_skipped(home: Path, roots: Iterable[str], skipped: Iterable[Skipped]) -> None:
    """Remember what was skipped under some roots, in place of what was remembered of them. Where the folder can't be
    written, an unchanged index is not an error.

    Args:
        home: The workspace's .simsearch/.
        roots: Relative to the workspace's folder; those that were brought up to date whole, or are forgotten.
    """
    renewed = tuple(roots)
    before = read_skipped(home)
    kept = [old for old in before if not any(is_under(old.path, root) for root in renewed)]
    now = (*kept, *(new for new in skipped if any(is_under(new.path, root) for root in renewed)))
    if now != before:
        rows = [asdict(one) for one in now]
        with suppress(OSError):
            write_atomically(Home(home).skipped, json.dumps(rows, ensure_ascii=False).encode())


def read_skipped(home: Path) -> tuple[Skipped, ...]:
    """What the last run of each root skipped."""
    try:
        rows = json.loads(Home(home).skipped.read_text(encoding="utf-8"))
        return tuple(Skipped(str(row["path"]), str(row["reason"]), int(row["files"])) for row in rows)
    except (OSError, ValueError, KeyError, TypeError):
        return ()
