"""The models of a workspace: its runs, the one in use, and opening any of them by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simsearch.embedding import find_model, fingerprint, load_embedder, open_engine
from simsearch.models.runs import Runs
from simsearch.registry import Registry
from simsearch.settings import Settings
from simsearch.types import Embedder

__all__ = ["Models", "Runs"]


@dataclass(frozen=True, slots=True)
class Models:
    """Every model that a workspace can use: its runs, what lies on this machine, and what plugins bring."""

    runs: Runs
    settings: Settings
    registry: Registry

    @property
    def current(self) -> str:
        """What a new index is made with: the promoted run, or the base where none was promoted."""
        return self.runs.promoted() or self.settings.tune.base

    def load(self, name: str, download: bool = False) -> Embedder:
        """A model that is ready to embed, exported first if it never was."""
        return load_embedder(
            name,
            settings=self.settings,
            runs=self.runs.folder,
            registry=self.registry,
            observe=self.registry.observe,
            download=download,
        )

    def load_exactly(self, name: str, wanted: str) -> Embedder:
        """The very model of that fingerprint, whatever its name stands for by now.

        Raises:
            ModelError: The name stands for another model now, and the one wanted is nowhere.
        """
        return open_engine(
            name,
            wanted,
            settings=self.settings,
            runs=self.runs.folder,
            registry=self.registry,
            observe=self.registry.observe,
        )

    def fingerprint(self, name: str, download: bool = False) -> str | None:
        """A model's fingerprint without loading it; None for a plugin's, which has to be loaded to tell."""
        if self.registry.has("embedders", name):
            return None
        folder = find_model(name, settings=self.settings, runs=self.runs.folder, download=download)
        return fingerprint(folder, Path(self.settings.cache))

    def newer_than(self, indexed: str) -> str | None:
        """The model to move an index to, where a run was promoted, or gone back on, since it was made.

        Args:
            indexed: The model that the index was made with.
        """
        chosen = self.runs.promoted() or indexed in self.runs.names()
        return self.current if chosen and indexed != self.current else None

    def in_use(self, indexed: str | None) -> dict[str, str]:
        """Runs that can't be removed, each with the reason.

        Args:
            indexed: The model that the index was made with; None where there is no index.
        """
        needed = {indexed: "the index was made with it"} if indexed else {}
        if promoted := self.runs.promoted():
            needed[promoted] = "it is promoted; `simsearch models use base` goes back"
        return needed
