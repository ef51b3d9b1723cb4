"""The registry of a workspace: the built-ins, the installed plugins, and the plugin files of the folder."""

from __future__ import annotations

from pathlib import Path

from simsearch.plugins.local_plugins import Consent, installed_names, local_plugins
from simsearch.plugins.registry import Registry
from simsearch.settings import Settings, user_configuration


def consent() -> Consent:
    """The folders whose plugin files this user trusts."""
    return Consent(user_configuration() / "trusted")


def load_registry(folder: Path, settings: Settings) -> Registry:
    """Load the built-ins, the installed plugins that the settings allow, and the plugin files of the folder."""
    names = settings.plugins
    registry = Registry.load(installed_names(names), settings.strict_plugins)
    for found in local_plugins(names, folder, consent()):
        registry.add(found)
    return registry
