"""Where this user keeps caches and configuration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from simsearch.settings.sections import Settings


def user_configuration() -> Path:
    """The user's own configuration folder. No workspace can move it, because it records which folders they trust."""
    if folder := os.environ.get("XDG_CONFIG_HOME"):
        return Path(folder) / "simsearch"
    import platformdirs

    return Path(platformdirs.user_config_dir("simsearch", appauthor=False))


def cache_folder(settings: Settings) -> Path:
    """The folder that keeps exported models."""
    if settings.cache:
        return Path(settings.cache)
    import platformdirs

    return Path(platformdirs.user_cache_dir("simsearch", appauthor=False))


def default_cache(variables: Mapping[str, str]) -> str:
    """The folder that a variable names; asking the system for another takes time that few commands need to spend."""
    return str(Path(variables["XDG_CACHE_HOME"]) / "simsearch") if variables.get("XDG_CACHE_HOME") else ""


def default_hub_cache(variables: Mapping[str, str]) -> str:
    """The folder in which the Hugging Face hub keeps models."""
    if variables.get("HF_HUB_CACHE"):
        return variables["HF_HUB_CACHE"]
    home = variables.get("HF_HOME") or Path("~/.cache/huggingface").expanduser()
    return str(Path(home) / "hub")
