"""The files under a root: nothing hidden, ignored or too large, and nothing passed over in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pathspec

LARGEST = 50_000_000
IGNORE_FILES = (".gitignore", ".simsearchignore")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why."""

    path: str
    reason: str


def walk(root: Path, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Iterator[Path | Skipped]:
    """Every file under a folder, or the file itself, in order of path."""
    if root.is_file():
        yield root
        return
    wanted = pathspec.PathSpec.from_lines("gitignore", include) if include else None
    unwanted = pathspec.PathSpec.from_lines("gitignore", [*exclude, *_ignored(root)])
    for folder, folders, files in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder) / name
            relative = path.relative_to(root).as_posix()
            if wanted is not None and not wanted.match_file(relative):
                continue
            reason = _reason(path, name, unwanted.match_file(relative))
            yield Skipped(str(path), reason) if reason else path


def _reason(path: Path, name: str, ignored: bool) -> str:
    if name.startswith("."):
        return "hidden"
    if ignored:
        return "ignored"
    if not path.is_file():
        return "not a regular file"
    return "too large" if path.stat().st_size > LARGEST else ""


def _ignored(root: Path) -> list[str]:
    files = [root / name for name in IGNORE_FILES if (root / name).is_file()]
    return [
        line for file in files for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
    ]
