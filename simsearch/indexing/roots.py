"""Roots: the folders and files that someone gave to `index`, by names that last."""

from __future__ import annotations

import contextlib
import os
import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from simsearch.errors import InputError
from simsearch.locations import Location, Url, files_at, is_url
from simsearch.utf8 import is_utf8, printable

_DEEP = "/".join(map(str, range(99)))


@dataclass(frozen=True, slots=True)
class Root:
    """Where to walk, and under which root that counts.

    Args:
        folder: An absolute path or a URL; of a folder or a file.
        start: The same, relative to the workspace's folder; a URL as it is.
        name: The root that its files belong to, written the same way: itself, or one around it.
    """

    folder: Location
    start: str
    name: str

    def holds(self, path: str) -> bool:
        """Whether a file's path lies here."""
        return is_under(path, self.start)


def find_roots(paths: Sequence[Location], workspace_folder: Path, known: Iterable[str]) -> list[Root]:
    """The roots to walk for the paths given.

    A path inside a root that is indexed already brings that part of it up to date; one around a root takes it over.

    Args:
        known: Names of the roots that the index has.

    Raises:
        InputError: There is no path, one is not there, can't be reached or is on another drive, or two roots would
            give their documents one id.
    """
    if not paths:
        raise InputError(
            "There is nothing to read: name a folder, as in `simsearch index docs/`, or set "
            'paths = ["docs"] under [index] in simsearch.toml.'
        )
    given = {name_of(folder, workspace_folder): folder for folder in map(_demand_there, paths)}
    outermost = [name for name in given if not any(is_under(name, other) for other in given if other != name)]
    names = set(known)
    roots = [Root(given[start], start, _around(start, names) or start) for start in sorted(outermost)]
    apart = [name for name in names if not any(is_under(name, root.start) for root in roots)]
    _demand_distinct([*apart, *(root.name for root in roots)], workspace_folder)
    return roots


def relative_to_workspace(path: Path, workspace_folder: Path) -> str:
    """A path as the index writes it.

    Raises:
        InputError: It is on another drive, or its name is not UTF-8.
    """
    try:
        name = Path(os.path.relpath(path, workspace_folder)).as_posix()
    except ValueError:
        raise InputError(
            f"{path} is on a different drive from the workspace {workspace_folder}: create a workspace on that drive."
        ) from None
    if not is_utf8(name):
        raise InputError(f"{printable(name)} has a name that is not UTF-8; rename it.")
    return name


def names_of(path: Path, workspace_folder: Path) -> frozenset[str]:
    """What the index may call a file: by the way that was given, and by where links lead. Nothing, if no file can have
    this name: it has a NUL, or is a link to itself."""
    names = set()
    for locate in (_located, Path.resolve):
        with contextlib.suppress(InputError, ValueError, RuntimeError, OSError):
            names.add(relative_to_workspace(locate(path), workspace_folder))
    return frozenset(names)


def name_of(location: Location, workspace_folder: Path) -> str:
    """What the index calls a location: a URL, or a path relative to the workspace's folder."""
    return location.text if isinstance(location, Url) else relative_to_workspace(location, workspace_folder)


def given_name(location: Location, workspace_folder: Path) -> str:
    """The name of a location that need not be there any more."""
    return name_of(_located(location) if isinstance(location, Path) else location, workspace_folder)


def is_under(path: str, root: str) -> bool:
    """Whether a path (both relative to the workspace's folder) is a root or lies below it."""
    inside, around = _place(path), _place(root)
    return inside == around or inside.startswith(f"{around}/")


def document_id(path: str, root: Root, workspace_folder: Path) -> str:
    """The id of a file's document where the root's name doesn't show its folder's; empty elsewhere, where the
    index finds it by itself."""
    if PurePosixPath(root.name).name not in ("", ".."):
        return ""
    folder = Path(os.path.normpath(workspace_folder / root.name))
    return f"{folder.name}/{Path(os.path.relpath(workspace_folder / path, folder)).as_posix()}"


def _place(name: str) -> str:
    """A relative name as one without `..`, so that names can be compared by how they begin; a URL as it is."""
    return name if is_url(name) else posixpath.normpath(f"{_DEEP}/{name}")


def _demand_there(given: Location) -> Location:
    location = _located(given) if isinstance(given, Path) else given
    if not (location.exists() if isinstance(location, Path) else _answers(location)):
        raise InputError(
            f"{given} does not exist; `simsearch forget {given}` removes what was indexed of it."
        )
    return location


def _answers(url: Url) -> bool:
    """Whether there is something at a URL."""
    try:
        files_at(url).is_folder(url.text)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise InputError(f"{url} can't be reached: {error.strerror}. The index is as it was.") from error
    return True


def _located(path: Path) -> Path:
    """Absolute, as it was given: a link that stands at its end keeps its own name."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  (resolve would follow the link)
    return absolute.parent.resolve() / absolute.name if absolute.name else absolute


def _around(start: str, names: Iterable[str]) -> str | None:
    around = [name for name in names if is_under(start, name)]
    return min(around, key=len) if around else None


def _demand_distinct(names: Sequence[str], workspace_folder: Path) -> None:
    seen: dict[str, str] = {}
    for name in names:
        shown = Path(os.path.normpath(workspace_folder / name)).name
        other = seen.setdefault(shown, name)
        if other != name:
            raise InputError(
                f"'{other}' and '{name}' are both called '{shown}', so that their documents would have the same "
                f"ids: rename one, index a folder around both, or run `simsearch forget {other}` first."
            )
