"""Built-in stores: where an index is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Component, hookimpl

if TYPE_CHECKING:
    from simsearch.storage.opening import StoreOpener


@hookimpl
def simsearch_stores() -> list[Component]:
    return [Component("local", "Files in .simsearch/: SQLite, FAISS and tantivy", local)]


def local() -> StoreOpener:
    """An index in the workspace's own folder: SQLite holds it, FAISS and tantivy search it."""
    from simsearch.storage import open_store

    return lambda context: open_store(context.folder, context.observe, context.latency)
