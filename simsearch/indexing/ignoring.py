"""What .gitignore and .simsearchignore files say, at every level of a tree, by git's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from simsearch.locations import Files, Location, files_at

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

IGNORE_FILES = (".gitignore", ".simsearchignore")
"""Read in this order: the later one has the last word."""

LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns that hold in a folder.

    Args:
        files: Where the ignore files are.
        levels: Each ignore file's folder (an absolute path or a URL, with a slash at its end) and patterns, outermost
            first.
    """

    files: Files
    levels: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def below(self, folder: str, names: Sequence[str]) -> Rules:
        """The rules inside a folder that holds these names."""
        found = [
            (f"{folder}/", _patterns(self.files, f"{folder}/{name}"))
            for name in IGNORE_FILES
            if name in names
        ]
        added = tuple((base, patterns) for base, patterns in found if patterns is not None)
        return Rules(self.files, self.levels + added) if added else self

    def ignore(self, path: str, is_folder: bool = False) -> bool:
        """Whether a path is ignored; its parents are not."""
        for base, patterns in reversed(self.levels):
            verdict = patterns.check_file(path[len(base) :] + "/" * is_folder).include
            if verdict is not None:
                return verdict
        return False


def rules_above(folder: Location, root: Location) -> Rules:
    """What the folders around a folder say of it, up to its root or its repository, whichever is further out;
    nothing where the folder itself is ignored, since someone named it all the same. Around a URL, nothing is looked
    at."""
    rules = nothing = Rules(files_at(folder))
    if not isinstance(folder, Path) or not isinstance(root, Path):
        return nothing
    repository = next((parent for parent in (root, *root.parents) if (parent / ".git").exists()), None)
    top = repository or root
    for parent in reversed(folder.parents):
        if parent.is_relative_to(top):
            if parent != top and rules.ignore(_posix(parent), is_folder=True):
                return nothing
            rules = rules.below(_posix(parent), IGNORE_FILES)
    return nothing if folder != top and rules.ignore(_posix(folder), is_folder=True) else rules


def patterns_of(lines: Sequence[str]) -> GitIgnoreSpec:
    """Lines as patterns; an invalid line matches nothing, as in git."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec([p for line in lines for p in _pattern(line)])


def _pattern(line: str) -> Sequence[GitIgnoreSpecPattern]:
    from pathspec import GitIgnoreSpec

    try:
        return list(GitIgnoreSpec.from_lines([line]).patterns)
    except ValueError:
        return []


def _patterns(files: Files, path: str) -> GitIgnoreSpec | None:
    try:
        file, about = files.open(path)
        with file:
            if not S_ISREG(about.st_mode) or about.st_size > LARGEST:
                return None
            return patterns_of(file.read().decode("utf-8-sig", errors="replace").splitlines())
    except OSError:
        return None


def _posix(path: Path) -> str:
    return path.as_posix().rstrip("/")
