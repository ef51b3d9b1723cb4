"""Plugins that are single files of a workspace: loaded only if the user trusts that folder.

A cloned repository brings its own simsearch.toml. So the consent is kept elsewhere: in the user's own configuration.
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
from simsearch.files import hash_file, write_atomically
from simsearch.plugins.discovery import Found, Origin


@dataclass(frozen=True, slots=True)
class Consent:
    """The folders whose plugins may run. Each has a file of its own, so that two commands at once can't overwrite
    each other.

    Args:
        kept: The folder of those files, in the user's configuration.
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


def local_plugins(names: Sequence[str], folder: Path, consent: Consent) -> list[Found]:
    """The plugin of each file; loading one that is not trusted fails with what to do.

    Args:
        names: The files, relative to the workspace's folder.
    """
    return [_plugin_of(name, folder, consent) for name in names]


def _plugin_of(name: str, folder: Path, consent: Consent) -> Found:
    path = (folder / name).resolve()
    origin = Origin(Path(name).stem, name, _version(path), str(path))
    return Found(origin, partial(_load, path, folder.resolve(), consent))


def _version(path: Path) -> str:
    """The start of the file's sha256, because a file has no version number."""
    return hash_file(path)[:12] if path.is_file() else ""


def _load(path: Path, folder: Path, consent: Consent) -> object:
    if not consent.given(folder):
        raise PluginError(
            "a folder's code runs only if you trust it; read the file, then run `simsearch plugins trust`"
        )
    if not path.is_relative_to(folder):
        raise PluginError(f"it is outside {folder}; a folder can only name its own files")
    if not path.is_file():
        raise PluginError(f"there is no file {path}")
    name = f"simsearch_local_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"{path} can't be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and annotations look up their module
    spec.loader.exec_module(module)
    return module
