"""The entry points of installed packages, as importlib.metadata finds them but without importing it: that takes longer
than finding them, in every command.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce

_FOLDER = re.compile(r"(.+?)(?:-[^-]*)?(?:\.dist-info|-py[^-]*\.egg-info|\.egg-info)", re.IGNORECASE)
"""The folder of a package's metadata, and the package's name."""

_VALUE = re.compile(r"([\w.]+)\s*(?::\s*([\w.]+)\s*)?(?:\[.*\]\s*)?")
"""The module, and what in it."""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """What a package offers under a name.

    Args:
        package: The package's name; empty where its metadata has none.
        value: A module, or an object of it as `module:object`.
    """

    package: str
    version: str
    name: str
    value: str

    def load(self) -> object:
        """Import what it names."""
        found = _VALUE.fullmatch(self.value)
        if not found:
            raise ImportError(f"the entry point {self.name} = {self.value} names no module")
        module = importlib.import_module(found[1])
        return reduce(getattr, found[2].split("."), module) if found[2] else module


def find_entry_points(group: str) -> list[EntryPoint]:
    """The entry points of a group. Of two packages with the same name the first on the path counts."""
    if not _has_only_folders():
        return _ask_importlib(group)
    seen: set[str] = set()
    found: list[EntryPoint] = []
    for folder, name in _metadata_folders():
        if name not in seen:
            seen.add(name)
            found += _read(folder, group)
    return found


def _has_only_folders() -> bool:
    """Whether packages lie in folders alone, not in archives or where else a finder has them."""
    finders = [finder for finder in sys.meta_path if hasattr(finder, "find_distributions")]
    paths = [path for path in sys.path if path and os.path.exists(path)]  # noqa: PTH110  (a hundredth of a command)
    return finders == [importlib.machinery.PathFinder] and not any(
        path.endswith(".egg") or not os.path.isdir(path)  # noqa: PTH112
        for path in paths
    )


def _ask_importlib(group: str) -> list[EntryPoint]:
    import importlib.metadata

    found = []
    for entry in importlib.metadata.entry_points(group=group):
        about = entry.dist.metadata if entry.dist else None
        package, version = (about["Name"] or "", about["Version"] or "") if about else ("", "")
        found.append(EntryPoint(package, version, entry.name, entry.value))
    return found


def _metadata_folders() -> Iterator[tuple[str, str]]:
    """The folders with the metadata of packages, in the order of the path, with the normalised names of these."""
    for path in sys.path:
        with suppress(OSError):
            for name in os.listdir(path or "."):  # noqa: PTH208
                if match := _FOLDER.fullmatch(name):
                    yield f"{path or '.'}/{name}", re.sub(r"[-_.]+", "_", match[1]).lower()


def _read(folder: str, group: str) -> Iterator[EntryPoint]:
    text = _read_file(f"{folder}/entry_points.txt")
    if f"[{group}]" not in text:
        return
    about = _read_headers(_read_file(f"{folder}/METADATA") or _read_file(f"{folder}/PKG-INFO"))
    for name, value in _read_section(text, group):
        yield EntryPoint(about.get("Name", ""), about.get("Version", ""), name, value)


def _read_section(text: str, group: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif section == group and line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name.strip(), value.strip()


def _read_headers(metadata: str) -> dict[str, str]:
    """The headers of a package's metadata; they end at the first empty line."""
    lines = (line.partition(":") for line in metadata.partition("\n\n")[0].splitlines())
    return {name: value.strip() for name, _, value in lines}


def _read_file(path: str) -> str:
    """A file of a package's metadata; empty if it is not there. Most packages have no entry points, and a Path for each
    would take longer than to look."""
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return ""
