"""Verifying a workspace: its index, and the model that the index is asked with."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from simsearch import storage
from simsearch.errors import SimsearchError
from simsearch.models import Models
from simsearch.storage.protocols import Problem, Store


def check(home: Path, store: Store, models: Models, repair: bool = False) -> list[Problem]:
    """What is wrong; the model is looked at where nothing else is.

    Args:
        home: The workspace's own folder.
        repair: Make derived files anew from SQLite.
    """
    return storage.check(home, repair) or _model_problems(store, models)


def _model_problems(store: Store, models: Models) -> list[Problem]:
    """Whether the very model that the index was made with is still there."""
    if not store.exists():
        return []
    with closing(store.read()) as reader:
        identity = reader.identity
    try:
        models.load_exactly(identity.model, identity.fingerprint)
    except SimsearchError as error:
        return [Problem("the model that the index was made with can't be used", identity.model, str(error))]
    return []
