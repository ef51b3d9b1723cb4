"""The models of a workspace: its runs, the one in use, and opening any of them by name."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from simsearch.devices import DeviceSetting
from simsearch.embedding import (
    Places,
    export_in_own_process,
    find_model,
    identify,
    load_embedder,
    open_indexed,
    split_precision,
    why_slow,
    with_precision,
)
from simsearch.errors import ModelNotFound
from simsearch.models.runs import Runs
from simsearch.plugins.registry import Registry
from simsearch.settings import Settings
from simsearch.types import Embedder, Observer

__all__ = ["Models", "Runs"]


@dataclass(frozen=True, slots=True)
class Models:
    """Every model that a workspace can use: its runs, what lies on this machine, and what plugins bring."""

    runs: Runs
    settings: Settings
    registry: Registry

    @property
    def current(self) -> str:
        """What a new index is made with: what the setting index.model names; else the promoted run, or the base where
        none was promoted, with @int8 or @fp16 where that was chosen."""
        promoted = with_precision(self.runs.promoted() or self.settings.tune.base, self.runs.precision())
        return self.settings.index.model or promoted

    def use(self, name: str) -> None:
        """Make a model the workspace's: a run, or `base`, in full or in a precision (`base@int8`).

        A graph in fewer bits is made now, so that a model that can't be used is never chosen.

        Raises:
            ModelNotFound: There is no such run.
            ModelError: It can't be used in that precision.
        """
        own, precision = split_precision(name)
        base = own in ("base", self.settings.tune.base)
        if not base:
            self.runs.record(own)
        if precision:
            self.load(with_precision(self.settings.tune.base if base else own, precision))
        if base:
            self.runs.use_base(precision)
        else:
            self.runs.promote(own, precision)

    @property
    def home(self) -> Path:
        """The .simsearch/ folder."""
        return self.runs.folder.parent

    @property
    def observe(self) -> Observer:
        return self.registry.observe

    @property
    def places(self) -> Places:
        """Where models are found, and their exported graphs kept."""
        return Places.of(self.settings, self.runs.folder)

    def load(
        self,
        model: str | Path,
        download: bool = False,
        name: str | None = None,
        device: DeviceSetting = "cpu",
    ) -> Embedder:
        """A model that is ready to embed, exported first if it never was.

        Args:
            name: What to call it, where `model` is not a name that a person knows.
            device: What embeds many texts.
        """
        return load_embedder(
            model,
            places=self.places,
            threads=self.settings.threads,
            registry=self.registry,
            observe=self.observe,
            download=download,
            name=name,
            export=_export,
            device=device,
        )

    def load_exactly(self, name: str, wanted: str) -> Embedder:
        """The model with that fingerprint, whichever model has the name now.

        Raises:
            ModelError: Another model has the name now, and the wanted one was not kept.
        """
        return open_indexed(
            name,
            wanted,
            places=self.places,
            threads=self.settings.threads,
            registry=self.registry,
            observe=self.observe,
        )

    def find(self, name: str, download: bool = False) -> Path:
        """The folder of a sentence-transformers model.

        Raises:
            ModelNotFound: It is not on this machine.
        """
        return find_model(name, self.places, download)

    def fingerprint(self, name: str, download: bool = False) -> str | None:
        """A model's fingerprint without loading it; None for a plugin's, which has to be loaded to tell."""
        if self.registry.has("embedders", name):
            return None
        return identify(name, self.places, download)

    def why_slow(self, name: str) -> str | None:
        """Why sentence-transformers runs a model; None for one that the engine runs, and for one that is not on this
        machine."""
        if self.registry.has("embedders", name):
            return None
        try:
            return why_slow(name, self.places)
        except ModelNotFound:
            return None

    def is_run(self, name: str) -> bool:
        """Whether a model was tuned in this workspace."""
        return split_precision(name)[0] in self.runs.names()

    def newer_than(self, indexed: str) -> str | None:
        """The model to move an index to, where the settings name another, or a run was promoted, or gone back on,
        since it was made.

        Args:
            indexed: The model that the index was made with.
        """
        chosen = (
            self.settings.index.model or self.runs.promoted() or self.runs.precision() or self.is_run(indexed)
        )
        return self.current if chosen and indexed != self.current else None

    def in_use(self, indexed: str | None) -> dict[str, str]:
        """Runs that can't be removed, each with the reason.

        Args:
            indexed: The model that the index was made with; None where there is no index.
        """
        needed = {split_precision(indexed)[0]: "the index was made with it"} if indexed else {}
        if promoted := self.runs.promoted():
            needed[promoted] = "it is promoted; `simsearch models use base` returns to the base model"
        if named := self.settings.index.model:
            needed[split_precision(named)[0]] = "the setting index.model names it"
        return needed


def _export(source: Path, target: Path, fingerprint: str, *options: str) -> None:
    """Export where it takes least: here if sentence-transformers is imported already, as while `tune` trains, or if
    a linear map is added to a graph, which needs no torch. A process of its own takes seconds to import either."""
    if "sentence_transformers" not in sys.modules and "--map" not in options:
        return export_in_own_process(source, target, fingerprint, *options)
    from simsearch.onnx_export.exporting import export_engine

    return export_engine(source, target, fingerprint, *options)
