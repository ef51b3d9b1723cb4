"""A store in Milvus: `[index] store = "milvus"`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:
    from simsearch.storage.opening import StoreOpener

LEASE, KEEP = 30, 3600

_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9]){0,63}")
_URI = re.compile(r"https?://[^@\s]+")


@hookimpl
def simsearch_stores() -> list[Component]:
    return [Component("milvus", "Milvus", milvus)]


def milvus(
    name: str = "simsearch", uri: str = "", database: str = "", lease: int = LEASE, keep: int = KEEP
) -> StoreOpener:
    """An index in collections of a Milvus database.

    Without `uri`, the variable MILVUS_URI names the server, or http://localhost:19530 is tried. A token, or
    user:password, comes from MILVUS_TOKEN or from the file that MILVUS_TOKEN_FILE names; there is no argument for it.

    Args:
        name: Begins the names of the index's collections; each workspace takes one of its own.
        uri: The server, such as https://milvus.example.org:19530.
        database: A database of the server.
        lease: Seconds for which a killed writer keeps others out.
        keep: Seconds for which an open snapshot stays whole at least while others change the index.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"'{name}' can't name an index in Milvus; begin with a letter, and use at most 64 letters, digits and "
            "single underscores between them."
        )
    if uri and not _URI.fullmatch(uri):
        raise InputError(
            "The uri must begin with http:// or https:// and hold no user or password; put them into MILVUS_TOKEN."
        )
    if lease < 1 or keep < 0:
        raise InputError("`lease` must be at least 1 second, and `keep` at least 0 seconds.")

    from simsearch_milvus.connecting import Server
    from simsearch_milvus.store import MilvusStore

    server = Server(name, uri, database)
    return lambda context: MilvusStore(server, lease, keep, context.observe)
