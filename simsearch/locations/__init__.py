"""Where files are: in a folder of this machine, or at a URL that fsspec knows."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Protocol

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


@dataclass(frozen=True, slots=True)
class Url:
    """The URL of a file or folder, without a slash at its end."""

    text: str

    def as_posix(self) -> str:
        """The URL itself, in the way of Path."""
        return self.text

    def __str__(self) -> str:
        return self.text


Location = Path | Url

OpenFile = BufferedReader | BytesIO


class State(Protocol):
    """What tells whether a file has changed, in the way of os.stat_result."""

    @property
    def st_mode(self) -> int: ...

    @property
    def st_size(self) -> int:
        """Bytes."""

    @property
    def st_mtime_ns(self) -> int:
        """Nanoseconds since the epoch; 0 where the time is unknown."""


class Entry(Protocol):
    """What a folder holds, in the way of os.DirEntry."""

    @property
    def name(self) -> str: ...

    def is_symlink(self) -> bool: ...

    def is_dir(self, *, follow_symlinks: bool = True) -> bool: ...

    def is_file(self, *, follow_symlinks: bool = True) -> bool: ...

    def stat(self, *, follow_symlinks: bool = True) -> State:
        """Its state.

        Raises:
            OSError: It can't be looked at.
        """


class Files(Protocol):
    """Files, by their paths as text. Each method raises OSError if it can't look; FileNotFoundError means that nothing
    is there."""

    def is_folder(self, path: str) -> bool: ...

    def list(self, folder: str) -> Sequence[Entry]: ...

    def stat(self, path: str) -> State:
        """The state of a file; a link is followed."""

    def open(self, path: str) -> tuple[OpenFile, State]:
        """A file to read, and its state. A link is not followed."""


def is_url(text: str) -> bool:
    """Whether a text begins as a URL does, with a scheme and `://`."""
    return _SCHEME.match(text) is not None


def parse_location(given: Path | str | Url) -> Location:
    """What a user gave as a path."""
    if isinstance(given, Path | Url):
        return given
    if not is_url(given):
        return Path(given)
    bare = given.rstrip("/")
    return Url(bare if is_url(bare) else given)


def locate(name: str, folder: Path) -> Location:
    """Where a name leads: one of the index or the settings, which is a URL or relative to the workspace's folder."""
    location = parse_location(name)
    return location if isinstance(location, Url) else folder / location


def may_exist(location: Location) -> bool:
    """Whether something is there. A URL is not looked at: only a user's command may use the network."""
    return isinstance(location, Url) or os.path.lexists(location)


def files_at(location: Location) -> Files:
    """The files around a location.

    Raises:
        InputError: No file system for the URL is installed.
    """
    # Imported here: a run over folders needs nothing of fsspec.
    if isinstance(location, Url):
        from simsearch.locations.urls import open_url

        return open_url(location)
    from simsearch.locations.folders import FOLDERS

    return FOLDERS
