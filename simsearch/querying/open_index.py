"""The index held open: one snapshot with everything that its answers depend on, for any number of questions."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, cached_property, partial
from pathlib import Path
from types import TracebackType

from simsearch.files import read_states
from simsearch.home import Home
from simsearch.locations import locate, may_exist
from simsearch.models import Models
from simsearch.plugins.offers import Built
from simsearch.plugins.registry import Registry
from simsearch.querying.calibration import read_calibration
from simsearch.querying.dense_weight import DenseWeigher, read_learned_weight
from simsearch.querying.legibility_record import read_legibility
from simsearch.querying.searcher import Searcher
from simsearch.querying.teaching import Teaching, find_teaching
from simsearch.settings import QuerySettings
from simsearch.storage.capabilities import Versioned
from simsearch.storage.protocols import Identity, Store
from simsearch.types import Embedder, Notice, Observer, Reranker

LONGEST_AGE = 2.0
"""Seconds after which the snapshot of a store without versions counts as changed."""


class OpenIndex:
    """One snapshot of the index, and what was measured, learned and chosen for it. Used by one thread.

    Args:
        folder: The workspace's folder, which paths are relative to.
        home: The .simsearch/ folder.
        load: Loads the model that an index was made with; by default from this machine.
        find_reranker: Builds a reranker from its component string.

    Raises:
        NoIndex: Nothing has been indexed yet.
    """

    def __init__(
        self,
        store: Store,
        models: Models,
        registry: Registry,
        folder: Path,
        home: Path,
        load: Callable[[Identity], Embedder] | None = None,
        find_reranker: Callable[[str], Built[Reranker]] | None = None,
    ) -> None:
        self._store, self._models, self._folder, self._home = store, models, folder, home
        self._observe = registry.observe
        self._find_reranker = find_reranker or registry.reranker
        # Before anything is read: what changes meanwhile must count as a change.
        self._opened, self._version = time.monotonic(), self._read_version()
        self.snapshot = store.read()
        identity = self.snapshot.identity
        own = partial(models.load_exactly, identity.model, identity.fingerprint)
        self._load = cache(partial(load, identity) if load else own)
        self._calibration = read_calibration(home, self.snapshot)
        self._weigher = self._make_weigher()

    @property
    def changed(self) -> bool:
        """Whether answers may be others by now, because any process changed the index, or what was learned for it."""
        if not isinstance(self._store, Versioned) and time.monotonic() - self._opened > LONGEST_AGE:
            return True
        return self._read_version() != self._version

    def searcher(self, settings: QuerySettings, observe: Observer | None = None) -> Searcher:
        """A searcher of this snapshot.

        Args:
            observe: Receives the notices of its answers; by default the observers of the registry.
        """
        teaching = self._find_teaching(observe or self._observe) if settings.taught else None
        return Searcher(
            self.snapshot,
            self._load,
            settings,
            teaching=teaching,
            weigh=self._weigher.asked_for(settings.weight),
            reranker=self._find_reranker(settings.rerank) if settings.rerank else None,
            calibration=self._calibration,
            exists=lambda path: may_exist(locate(path, self._folder)),
            observe=observe or self._observe,
        )

    def describe_newer_model(self) -> Notice | None:
        """What to tell the user if another model is in use by now than the one that the index was made with."""
        model = self.snapshot.identity.model
        newer = self._models.newer_than(model)
        if newer is None:
            return None
        text = (
            f"The index was built with {model}, which is used for this search; the current model is {newer}. "
            "Run `simsearch index` to switch to it."
        )
        return Notice(text, warning=True)

    def close(self) -> None:
        self.snapshot.close()

    def __enter__(self) -> OpenIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read_version(self) -> object:
        """Changes with the index, and with every small file next to it: what was measured, learned and chosen."""
        stored = self._store.version() if isinstance(self._store, Versioned) else None
        learned = (read_states(self._home, suffix) for suffix in (".json", ".safetensors"))
        return stored, *learned, read_states(Home(self._home).models, ".json")

    def _find_teaching(self, observe: Observer) -> Teaching | None:
        """What was taught, with a notice if it can't be used."""
        teaching, notice = self._taught
        if notice:
            observe(notice)
        return teaching

    @cached_property
    def _taught(self) -> tuple[Teaching | None, Notice | None]:
        return find_teaching(Home(self._home).teaching, self.snapshot.identity.fingerprint)

    def _make_weigher(self) -> DenseWeigher:
        identity, legibility = self.snapshot.identity, read_legibility(self._home, self.snapshot)
        learned = read_learned_weight(self._home, identity.fingerprint)
        return DenseWeigher(
            tuned=self._models.is_run(identity.model),
            learned=learned.weight if learned else None,
            unread=legibility.unread if legibility else (),
        )
