"""The folder of a workspace, and what it is made of: settings, plugins, models and a store."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.home import HOME, Home
from simsearch.locations import Location, locate, parse_location
from simsearch.plugins.loading import load_registry
from simsearch.settings import Settings, load_settings
from simsearch.threads import use_threads

if TYPE_CHECKING:
    from simsearch.models import Models, Runs
    from simsearch.plugins.registry import Registry
    from simsearch.storage.protocols import Store


class WorkspaceFolder:
    """A folder with its settings, plugins, models and store, each opened when it is first used."""

    def __init__(
        self, folder: Path | str = ".", settings: Settings | None = None, registry: Registry | None = None
    ) -> None:
        self.folder = Path(folder).resolve()
        self.home = self.folder / HOME
        self._settings = settings
        self._registry = registry

    @cached_property
    def settings(self) -> Settings:
        """Given or read; the whole process then computes with their number of threads."""
        settings = self._settings or load_settings(self.folder)
        use_threads(settings.threads)
        return settings

    @cached_property
    def registry(self) -> Registry:
        return self._registry or load_registry(self.folder, self.settings)

    @cached_property
    def models(self) -> Models:
        from simsearch.models import Models, Runs

        return Models(Runs(Home(self.home).models), self.settings, self.registry)

    @property
    def runs(self) -> Runs:
        return self.models.runs

    @property
    def model(self) -> str:
        """The model that a new index would use; see Models.current."""
        return self.models.current

    @cached_property
    def store(self) -> Store:
        """Where the index is kept, by the setting index.store."""
        return self.open_store(self.settings.index.store)

    def open_store(self, spec: str) -> Store:
        """Open a store of this workspace; nothing is read or connected before it is used.

        Args:
            spec: A component string of the hook simsearch_stores, such as "local".

        Raises:
            PluginError: No store has that name, or it can't be opened.
        """
        from simsearch.storage.opening import StoreContext

        settings, opener = self.settings, self.registry.store(spec)
        with opener.guarded():
            return opener.value(StoreContext(self.home, self.registry.observe, settings.index.latency))

    def _given(self, paths: Sequence[Path | str], by_default: Sequence[str]) -> list[Path]:
        """The given paths; else those of the settings, relative to the workspace's folder."""
        return [Path(path) for path in paths] or [self.folder / path for path in by_default]

    def _given_locations(self, paths: Sequence[Location | str], by_default: Sequence[str]) -> list[Location]:
        """The given paths and URLs; else those of the settings, relative to the workspace's folder."""
        return [parse_location(path) for path in paths] or [locate(path, self.folder) for path in by_default]
