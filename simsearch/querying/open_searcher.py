"""Open the index for questions, with everything that answers depend on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from simsearch.models import Models
from simsearch.plugins.registry import Registry
from simsearch.querying.dense_weight import DenseWeigher, read_learned_weight
from simsearch.querying.legibility import read_legibility
from simsearch.querying.no_good_match import read_calibration
from simsearch.querying.searcher import Searcher
from simsearch.settings import QuerySettings
from simsearch.storage.protocols import Snapshot, Store
from simsearch.types import Notice


@contextmanager
def open_searcher(
    store: Store, models: Models, registry: Registry, settings: QuerySettings, folder: Path, home: Path
) -> Iterator[Searcher]:
    """Open a searcher that uses the model of the index; warns if another model is in use by now.

    Args:
        folder: The workspace's folder, which paths are relative to.
        home: The .simsearch/ folder, which holds what was measured and learned of the index.

    Raises:
        NoIndex: Nothing has been indexed yet.
    """
    reranker = registry.reranker(settings.rerank) if settings.rerank else None
    with closing(store.read()) as snapshot:
        identity = snapshot.identity
        if newer := models.newer_than(identity.model):
            registry.observe(Notice(_describe_newer(identity.model, newer), warning=True))
        yield Searcher(
            snapshot,
            partial(models.load_exactly, identity.model, identity.fingerprint),
            settings,
            weigh=_make_weigher(snapshot, models, settings, home),
            reranker=reranker,
            calibration=read_calibration(home, snapshot),
            exists=lambda path: os.path.lexists(folder / path),
            observe=registry.observe,
        )


def _make_weigher(snapshot: Snapshot, models: Models, settings: QuerySettings, home: Path) -> DenseWeigher:
    identity, legibility = snapshot.identity, read_legibility(home, snapshot)
    learned = read_learned_weight(home, identity.fingerprint)
    return DenseWeigher(
        tuned=models.is_run(identity.model),
        learned=learned.weight if learned else None,
        asked=settings.weight,
        unread=legibility.unread if legibility else (),
    )


def _describe_newer(model: str, newer: str) -> str:
    return (
        f"The index was built with {model}, which is used for this search; the current model is {newer}. "
        "Run `simsearch index` to switch to it."
    )
