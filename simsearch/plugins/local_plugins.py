"""Plugins that are single files of a workspace: loaded only where the user has said so for that folder.

A cloned repository brings a simsearch.toml, so that consent is kept elsewhere: in the user's own configuration.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from simsearch.errors import PluginError
from simsearch.files import write_atomically
from simsearch.plugins.discovery import Found, Origin


@dataclass(frozen=True, slots=True)
class Consent:
    """The folders whose plugins may run: a file for each, so that two given at once don't lose one another.

    Args:
        kept: The folder of those files, the user's own.
    """

    kept: Path

    def given(self, folder: Path) -> bool:
        return self._file(folder).is_file()

    def give(self, folder: Path) -> None:
        write_atomically(self._file(folder), f"{folder.resolve()}\n".encode())

    def withdraw(self, folder: Path) -> None:
        self._file(folder).unlink(missing_ok=True)

    def _file(self, folder: Path) -> Path:
        return self.kept / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()


def is_local(name: str) -> bool:
    """Whether a name in the setting `plugins` is a file's and not a package's."""
    return name.endswith(".py")


def installed_names(names: Sequence[str] | None) -> list[str] | None:
    """The packages in the setting; None, for all of them, where it names files only."""
    if names is None or (names and all(map(is_local, names))):
        return None
    return [name for name in names if not is_local(name)]


def local_plugins(names: Sequence[str] | None, folder: Path, consent: Consent) -> list[Found]:
    """The files in the setting, each to be loaded as a plugin; one that may not run says so when it is."""
    return [_found(name, folder, consent) for name in names or () if is_local(name)]


def _found(name: str, folder: Path, consent: Consent) -> Found:
    path = (folder / name).resolve()
    origin = Origin(Path(name).stem, name, _version(path), str(path))
    return Found(origin, partial(_load, path, folder.resolve(), consent))


def _version(path: Path) -> str:
    """What a run was made with, where no release has a number: the start of the file's sha256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""


def _load(path: Path, folder: Path, consent: Consent) -> object:
    if not consent.given(folder):
        raise PluginError(
            "a folder's own code runs only if you say so; read the file, then run `simsearch plugins trust`"
        )
    if not path.is_relative_to(folder):
        raise PluginError(f"it lies outside {folder}; a folder can only bring plugins of its own")
    if not path.is_file():
        raise PluginError(f"there is no file {path}")
    name = f"simsearch_local_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"{path} can't be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and annotations look their module up
    spec.loader.exec_module(module)
    return module
