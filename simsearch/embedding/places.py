"""Where models are found, and where their exports are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simsearch.settings import Settings, cache_folder

FACTS = "embedder.json"
"""The file of an engine's folder that is written last; it says which model the engine is of."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders that models are read from and exported to.

    Args:
        cache: Exported graphs and remembered fingerprints.
        hub_cache: Models that were downloaded from the hub.
        runs: The runs of the workspace, normally .simsearch/models/; None outside a workspace.
    """

    cache: Path
    hub_cache: Path
    runs: Path | None = None

    @classmethod
    def of(cls, settings: Settings, runs: Path | None = None) -> Places:
        return cls(cache_folder(settings), Path(settings.hub_cache), runs)
