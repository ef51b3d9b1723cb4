"""An index opened for questions, with all that answers depend on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from simsearch.models import Models
from simsearch.plugins.registry import Registry
from simsearch.querying.confidence import read_calibration
from simsearch.querying.dense_weight import dense_weight, tuned_weight
from simsearch.querying.learned_weight import read_learned
from simsearch.querying.searcher import Searcher
from simsearch.settings import QuerySettings
from simsearch.storage.protocols import Store
from simsearch.types import Notice


@contextmanager
def open_searcher(
    store: Store, models: Models, registry: Registry, settings: QuerySettings, home: Path
) -> Iterator[Searcher]:
    """Answers with the model that the index was made with, and says so where another one is in use by now.

    Args:
        home: The .simsearch/ folder: holds what was measured and learned of the index.

    Raises:
        NoIndex: Nothing has been indexed yet.
    """
    reranker = registry.reranker(settings.rerank) if settings.rerank else None
    with closing(store.read()) as reader:
        made_with = reader.identity
        if newer := models.newer_than(made_with.model):
            registry.observe(Notice(_about_newer(made_with.model, newer), warning=True))
        learned = read_learned(home, made_with.fingerprint)
        yield Searcher(
            reader,
            partial(models.load_exactly, made_with.model, made_with.fingerprint),
            settings,
            reranker=reranker,
            calibration=read_calibration(home, reader),
            weigh=tuned_weight if models.is_run(made_with.model) else dense_weight,
            learned=learned.weight if learned else None,
            observe=registry.observe,
        )


def _about_newer(model: str, newer: str) -> str:
    return (
        f"The index was made with {model}, and answers with it; {newer} is the model now: "
        "run `simsearch index` to move to it."
    )
