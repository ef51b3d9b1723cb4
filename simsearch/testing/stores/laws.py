"""What the laws of stores have in common: a store to put things into, and how they compare."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from simsearch.errors import InputError, StorageError
from simsearch.storage.capabilities import Removable
from simsearch.storage.opening import StoreContext, StoreOpener
from simsearch.storage.protocols import Store
from simsearch.testing.contract import Contract, demand


class StoreLaws(Contract[StoreOpener, None]):
    """Laws that are tested on an empty store, which is removed afterwards."""

    kind: ClassVar[str] = "stores"

    @contextmanager
    def store(self) -> Iterator[Store]:
        """A store without an index.

        Raises:
            InputError: There is an index in it, which the laws would change, or it can't be reached.
        """
        with tempfile.TemporaryDirectory(prefix="simsearch-") as folder:
            store = self.component(StoreContext(Path(folder) / ".simsearch"))
            if _has_index(store):
                raise InputError(f"'{self.spec}' holds an index; name a place that is empty.")
            try:
                yield store
            finally:
                if isinstance(store, Removable):
                    store.remove()


def demand_equal(found: object, wanted: object, what: str) -> None:
    """Demand that something is what it should be.

    Args:
        what: Its name, for the message.
    """
    demand(found == wanted, f"{what} should be {_shorten(wanted)}, but came out as {_shorten(found)}")


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}…"


def _has_index(store: Store) -> bool:
    try:
        return store.exists()
    except StorageError as error:
        raise InputError(f"the store can't be reached: {error}") from error
