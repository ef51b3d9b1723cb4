"""The files under a root: none that is hidden, ignored or too large, and every skipped one is reported."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from stat import S_ISREG

from simsearch.home import HOME
from simsearch.indexing.ignoring import IGNORE_FILES, Rules, patterns_of, rules_above
from simsearch.indexing.report import Skipped
from simsearch.locations import Entry, Location, files_at, is_url
from simsearch.settings import LARGEST_FILE
from simsearch.utf8 import is_utf8, printable

MOST_COUNTED = 10_000
"""Files counted in a folder that is skipped as a whole; some hold millions."""

OTHERS_FOLDERS = ("node_modules", "__pycache__")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file.

    Args:
        path: As given, with forward slashes.
        size: Bytes.
        modified: Nanoseconds since the epoch.
    """

    path: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Unseen(Skipped):
    """A folder that can't be listed, or a file that can't be looked at; what was indexed of it may still exist."""


@dataclass(frozen=True, slots=True)
class FileFilter:
    """Which files to index.

    Args:
        include: Patterns as in .gitignore, relative to the root; without any, all files.
        exclude: Patterns of files and folders to leave out.
        largest: Bytes of the largest file to read.
    """

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    largest: int = LARGEST_FILE


def walk(
    start: Location, file_filter: FileFilter | None = None, root: Location | None = None
) -> Iterator[FoundFile | Skipped]:
    """Every file under a folder, or the file itself, in order of path.

    Symbolic links are never followed: a target inside the root is found by its own path.

    Args:
        start: An absolute path, or a URL; a link that is named here is followed.
        root: A folder around it, whose ignore files hold here too.
    """
    return Walk(start, file_filter or FileFilter(), root or start).all()


class Walk:
    """A walk through one folder and those below it."""

    def __init__(self, start: Location, file_filter: FileFilter, root: Location) -> None:
        self._files = files_at(start)
        self._start = start
        self._around = root
        self._root = start.as_posix().rstrip("/")
        self._include = patterns_of(file_filter.include) if file_filter.include else None
        self._exclude = patterns_of(file_filter.exclude) if file_filter.exclude else None
        self._largest = file_filter.largest

    def all(self) -> Iterator[FoundFile | Skipped]:
        if self._files.is_folder(str(self._start)):
            yield from self._below(self._root, rules_above(self._start, self._around))
        else:
            yield self._named_file()

    def _below(self, top: str, rules: Rules) -> Iterator[FoundFile | Skipped]:
        # A list in place of recursion: folders may be nested deeper than Python's own stack.
        waiting = [(top, rules)]
        while waiting:
            folder, above = waiting.pop()
            try:
                entries = sorted(self._files.list(folder or "/"), key=lambda entry: entry.name)
            except OSError as error:
                yield Unseen(printable(folder), f"unreadable folder: {error.strerror}")
                continue
            rules = above.below(folder, [entry.name for entry in entries if entry.name in IGNORE_FILES])
            folders = []
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if not entry.is_symlink() and entry.is_dir(follow_symlinks=False):
                    if entry.name == HOME:
                        continue
                    reason = self._reason_against_folder(path, entry.name, rules)
                    if reason:
                        yield Skipped(printable(path), reason, _count_files(path))
                    else:
                        folders.append((path, rules))
                else:
                    yield self._file(path, entry, rules)
            waiting += reversed(folders)

    def _reason_against_folder(self, path: str, name: str, rules: Rules) -> str:
        if not is_utf8(name):
            return "name is not UTF-8"
        if name.startswith("."):
            return "hidden folder"
        if name in OTHERS_FOLDERS or rules.ignore(path, is_folder=True):
            return "ignored folder"
        if self._exclude is not None and self._exclude.match_file(f"{self._relative(path)}/"):
            return "excluded folder"
        return ""

    def _file(self, path: str, entry: Entry, rules: Rules) -> FoundFile | Skipped:
        try:
            about = entry.stat(follow_symlinks=False)
            reason = self._reason_against_file(path, entry, rules) or self._too_large(about.st_size)
        except FileNotFoundError as error:
            return Skipped(printable(path), f"unreadable: {error.strerror}")
        except OSError as error:
            return Unseen(printable(path), f"unreadable: {error.strerror}")
        return (
            Skipped(printable(path), reason) if reason else FoundFile(path, about.st_size, about.st_mtime_ns)
        )

    def _reason_against_file(self, path: str, entry: Entry, rules: Rules) -> str:
        if not is_utf8(entry.name):
            return "name is not UTF-8"
        if entry.name.startswith("."):
            return "hidden"
        if rules.ignore(path):
            return "ignored"
        if self._exclude is not None and self._exclude.match_file(self._relative(path)):
            return "excluded"
        if self._include is not None and not self._include.match_file(self._relative(path)):
            return "not included"
        if entry.is_symlink():
            return "symbolic link"
        return "" if entry.is_file(follow_symlinks=False) else "not a regular file"

    def _named_file(self) -> FoundFile | Skipped:
        """The root itself; its name is not checked, because the user gave it."""
        about = self._files.stat(str(self._start))
        reason = "" if S_ISREG(about.st_mode) else "not a regular file"
        reason = reason or self._too_large(about.st_size)
        return (
            Skipped(self._root, reason) if reason else FoundFile(self._root, about.st_size, about.st_mtime_ns)
        )

    def _too_large(self, size: int) -> str:
        return f"larger than {self._largest / 1e6:g} MB (index.largest_file)" if size > self._largest else ""

    def _relative(self, path: str) -> str:
        return path[len(self._root) + 1 :]


def _count_files(folder: str) -> int:
    if is_url(folder):  # not worth asking a server
        return 1
    count = 0
    for _, _, files in os.walk(folder):
        count += len(files)
        if count >= MOST_COUNTED:
            return MOST_COUNTED
    return count
