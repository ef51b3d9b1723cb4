"""Frozen settings. A flag wins over a SIMSEARCH_* variable, a variable over simsearch.toml, that over the default.

Nothing below this room reads the environment.
"""

from simsearch.settings.processes import ALONE, Processes, read_processes
from simsearch.settings.reading import load_settings, with_flags
from simsearch.settings.sections import (
    DEFAULT_MODEL,
    LARGEST_FILE,
    LATENCY,
    Fusion,
    IndexSettings,
    Mode,
    Promote,
    QuerySettings,
    Settings,
    TuneSettings,
    UseSettings,
)
from simsearch.settings.user_folders import cache_folder, user_configuration

__all__ = [
    "ALONE",
    "DEFAULT_MODEL",
    "LARGEST_FILE",
    "LATENCY",
    "Fusion",
    "IndexSettings",
    "Mode",
    "Processes",
    "Promote",
    "QuerySettings",
    "Settings",
    "TuneSettings",
    "UseSettings",
    "cache_folder",
    "load_settings",
    "read_processes",
    "user_configuration",
    "with_flags",
]
