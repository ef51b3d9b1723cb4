"""Where a workspace is, and which plugins work in it."""

from __future__ import annotations

from pathlib import Path

from simsearch.local_plugins import Consent, installed_names, local_plugins
from simsearch.registry import Registry
from simsearch.settings import Settings, user_configuration

HOME = ".simsearch"


def find_folder(start: Path) -> Path:
    """The nearest folder upwards from `start` that holds .simsearch/; `start` itself where none does."""
    for folder in (start, *start.parents):
        if (folder / HOME).is_dir():
            return folder
    return start


def consent() -> Consent:
    """The folders whose own plugins this user lets run."""
    return Consent(user_configuration() / "trusted")


def load_registry(folder: Path, settings: Settings) -> Registry:
    """The built-ins, the installed plugins that the settings allow, and the folder's own ones."""
    names = settings.plugins
    registry = Registry.load(installed_names(names), settings.strict_plugins)
    for found in local_plugins(names, folder, consent()):
        registry.add(found)
    return registry
