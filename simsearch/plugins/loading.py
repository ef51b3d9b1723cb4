"""The registry of a workspace: the built-ins, the installed plugins, and the plugin files of the folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.plugins.discovery import installed_names, is_local
from simsearch.plugins.registry import Registry
from simsearch.settings import Settings, user_configuration

if TYPE_CHECKING:
    from simsearch.plugins.local_plugins import Consent


def consent() -> Consent:
    """The folders whose plugin files this user trusts."""
    from simsearch.plugins.local_plugins import Consent

    return Consent(user_configuration() / "trusted")


def load_registry(folder: Path, settings: Settings) -> Registry:
    """Load the built-ins, the installed plugins that the settings allow, and the plugin files of the folder."""
    registry = Registry.load(installed_names(settings.plugins), settings.strict_plugins)
    names = list(filter(is_local, settings.plugins or ()))
    if names:
        from simsearch.plugins.local_plugins import local_plugins

        for found in local_plugins(names, folder, consent()):
            registry.add(found)
    return registry
