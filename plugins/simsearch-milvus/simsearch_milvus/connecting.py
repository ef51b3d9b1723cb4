"""The server, its collections, and what its errors mean to the user. No message contains a token."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import grpc
from pymilvus import MilvusClient
from pymilvus.exceptions import MilvusException

from simsearch.errors import InputError, NoIndex, StorageError

Row = dict[str, Any]
T = TypeVar("T")

LIMIT = 16_384
"""Rows that Milvus returns for one question at most."""

SECONDS_TO_CONNECT, SECONDS = 10, 120
"""How long the server may take to accept a connection, and for one call."""

SECONDS_TO_FLUSH = 3600
"""How long it may take to write and index all that was sent; milvus-lite took more than two minutes for 12,640 chunks
on a busy machine."""

_OPTIONS = {
    # A gRPC server with the settings that it comes with, as milvus-lite is, cuts a client off that pings more often
    # than every five minutes; pymilvus does so every ten seconds. That a server is gone shows by the time of each call.
    "grpc.keepalive_time_ms": 310_000,
    "grpc.keepalive_permit_without_calls": False,
    # Else a new connection would share the waiting time of one that was lost, though the server is there again.
    "grpc.use_local_subchannel_pool": 1,
}

AT_ONCE = 1000
"""Rows that are sent or fetched together."""

_LOCAL = "http://localhost:19530"
_LOST = 2
"""pymilvus reports with this code that a server can't be reached."""

_GONE, _NOT_LOADED = 100, 101
_REFUSED = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)


class NotLoaded(StorageError):
    """A collection has to be loaded before it can be asked."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where an index is: collections of a database. What is not given comes from the environment.

    Args:
        name: Of the index.
    """

    name: str
    uri: str = ""
    database: str = ""

    def connect(self) -> Connection:
        """A connection, which is to be closed.

        Raises:
            StorageError: The server can't be reached.
        """
        for logger in ("pymilvus", "pymilvus.milvus_client"):
            logging.getLogger(logger).setLevel(logging.CRITICAL)  # it prints each error with its traceback
        uri, token = self.uri or os.environ.get("MILVUS_URI", _LOCAL), _token()
        client = self.ask(
            lambda: MilvusClient(
                uri, token=token, db_name=self.database, timeout=SECONDS_TO_CONNECT, dedicated=True,
                grpc_options=_OPTIONS,
            )
        )  # fmt: skip
        return Connection(self, client)

    def ask(self, call: Callable[[], T]) -> T:
        """The result of a call; what the server reports becomes a StorageError that says what to do."""
        try:
            return call()
        except (MilvusException, grpc.RpcError) as error:
            why = _why(error)
            kind = NotLoaded if getattr(error, "code", None) == _NOT_LOADED else StorageError
        # Without the original, whose text may quote the address with a password, and which is its own cause.
        raise kind(f"The index in {self} can't be used: {why}.")

    def no_index(self) -> NoIndex:
        return NoIndex(f"There is no index in {self} yet; `simsearch index PATH` creates one.")

    def collection(self, *parts: object) -> str:
        """The name of a collection; two underscores are in no index's own name."""
        return "__".join([self.name, *map(str, parts)])

    def __str__(self) -> str:
        return f"Milvus under the name '{self.name}'"


class Connection:
    """Rows in and out of collections. Reads are at the consistency level Strong: they see all that was written before.

    Args:
        client: Closed with the connection.
    """

    def __init__(self, server: Server, client: MilvusClient) -> None:
        self.server = server
        self._client = client

    def collections(self) -> list[str]:
        """The collections of this index."""
        beginning = self.server.collection("")
        found = self._ask(lambda: self._client.list_collections(timeout=SECONDS))
        return [name for name in found if name.startswith(beginning)]

    def create(self, collection: str, schema: Any, indexes: Any) -> None:
        """Make an empty collection that is not there."""
        client = self._client
        self._ask(
            lambda: client.create_collection(
                collection, schema=schema, consistency_level="Strong", timeout=SECONDS
            )
        )
        self._ask(lambda: client.create_index(collection, indexes, sync=False, timeout=SECONDS))
        self._load(collection)

    def exists(self, collection: str) -> bool:
        return bool(self._ask(lambda: self._client.has_collection(collection, timeout=SECONDS)))

    def drop(self, collection: str) -> None:
        if self.exists(collection):
            self._ask(lambda: self._client.drop_collection(collection, timeout=SECONDS))

    def flush(self, collection: str) -> None:
        """Let the server write what it holds in memory, and index it."""
        self._ask(lambda: self._client.flush(collection, timeout=SECONDS_TO_FLUSH))

    def rows(self, collection: str, expression: str, fields: Sequence[str]) -> list[Row]:
        """All rows that meet an expression, the lowest number first."""
        return list(self.every(collection, expression, fields))

    def every(
        self, collection: str, expression: str, fields: Sequence[str], at_once: int = AT_ONCE
    ) -> Iterator[Row]:
        """The same, as they are fetched.

        Args:
            at_once: Rows fetched together, at most LIMIT. For each part milvus-lite looks at the whole collection.
        """
        first = self._few(collection, expression, fields, limit=at_once)
        if len(first) < at_once:  # the rule; an iterator would ask the server four times
            yield from sorted(first, key=lambda row: int(row["number"]))
        else:
            yield from self._pages(collection, expression, fields, at_once)

    def every_number(self, collection: str, expression: str, column: str = "number") -> Iterator[int]:
        """One number of each of these rows."""
        for row in self.every(collection, expression, [column], LIMIT):
            yield row[column]

    def numbered(self, collection: str, numbers: Sequence[int], fields: Sequence[str]) -> dict[int, Row]:
        """The rows of these numbers that exist."""
        return {row["number"]: row for row in self.among(collection, "number", numbers, fields)}

    def among(
        self,
        collection: str,
        column: str,
        numbers: Sequence[int],
        fields: Sequence[str],
        expression: str = "",
    ) -> Iterator[Row]:
        """The rows with one of these numbers in a column, which meet an expression besides."""
        for start in range(0, len(numbers), AT_ONCE):
            part = f"{column} in {[int(number) for number in numbers[start : start + AT_ONCE]]}"
            whole = f"{part} and {expression}" if expression else part
            yield from self._few(collection, whole, fields)

    def count(self, collection: str, expression: str) -> int:
        """How many rows meet an expression."""
        return int(self._few(collection, expression, ["count(*)"])[0]["count(*)"])

    def search(
        self, collection: str, column: str, vector: object, limit: int, expression: str, fields: Sequence[str]
    ) -> list[Row]:
        """The rows with the greatest inner product, and `distance`, which that is; at most LIMIT."""
        (found,) = self._loaded(
            collection,
            lambda: self._client.search(
                collection, data=[vector], anns_field=column, limit=limit, filter=expression,
                output_fields=list(fields), consistency_level="Strong", timeout=SECONDS,
            )
        )  # fmt: skip
        return [{"number": hit["number"], "distance": hit["distance"], **hit["entity"]} for hit in found]

    def insert(self, collection: str, rows: Sequence[Row]) -> None:
        for start in range(0, len(rows), AT_ONCE):
            part = list(rows[start : start + AT_ONCE])
            self._ask(partial(self._client.insert, collection, part, timeout=SECONDS))

    def put(self, collection: str, rows: Sequence[Row]) -> None:
        """Insert rows in the place of those that have their numbers."""
        for start in range(0, len(rows), AT_ONCE):
            part = list(rows[start : start + AT_ONCE])
            self._ask(partial(self._client.upsert, collection, part, timeout=SECONDS))

    def change(self, collection: str, numbers: Sequence[int], values: Mapping[str, object]) -> None:
        """Give rows that exist the same new values."""
        self.change_each(collection, [{"number": number, **values} for number in numbers])

    def change_each(self, collection: str, rows: Sequence[Row]) -> None:
        """Give rows that exist new values; those that are not named stay."""
        for start in range(0, len(rows), AT_ONCE):
            part = list(rows[start : start + AT_ONCE])
            self._loaded(
                collection,
                partial(self._client.upsert, collection, part, partial_update=True, timeout=SECONDS),
            )

    def delete(self, collection: str, expression: str) -> None:
        self._loaded(collection, lambda: self._client.delete(collection, filter=expression, timeout=SECONDS))

    def close(self) -> None:
        self._client.close()

    def _few(self, collection: str, expression: str, fields: Sequence[str], **options: int) -> list[Row]:
        found = self._loaded(
            collection,
            lambda: self._client.query(
                collection, filter=expression, output_fields=list(fields), consistency_level="Strong", timeout=SECONDS,
                **options,
            )
        )  # fmt: skip
        return list(found)

    def _pages(self, collection: str, expression: str, fields: Sequence[str], at_once: int) -> Iterator[Row]:
        pages = self._loaded(
            collection,
            lambda: self._client.query_iterator(
                collection, batch_size=at_once, filter=expression, output_fields=list(fields),
                consistency_level="Strong", timeout=SECONDS,
            )
        )  # fmt: skip
        while page := self._ask(pages.next):
            yield from page
        self._ask(pages.close)

    def _load(self, collection: str) -> None:
        self._ask(lambda: self._client.load_collection(collection, timeout=SECONDS))

    def _loaded(self, collection: str, call: Callable[[], T]) -> T:
        """The result of a call that needs a loaded collection; after a restart of milvus-lite none is."""
        try:
            return self._ask(call)
        except NotLoaded:
            self._load(collection)
            return self._ask(call)

    def _ask(self, call: Callable[[], T]) -> T:
        return self.server.ask(call)


def _token() -> str:
    """From MILVUS_TOKEN, or from the file that MILVUS_TOKEN_FILE names."""
    if path := os.environ.get("MILVUS_TOKEN_FILE"):
        try:
            return Path(path).read_text().strip()
        except (OSError, ValueError):
            raise InputError(
                f"MILVUS_TOKEN_FILE names {path}, which can't be read; make it readable, or unset the variable."
            ) from None
    return os.environ.get("MILVUS_TOKEN", "")


def _why(error: Exception) -> str:
    code = error.code() if isinstance(error, grpc.RpcError) else getattr(error, "code", None)
    if code in _REFUSED:
        return (
            "the server doesn't know this user, or the user may not do this; check MILVUS_TOKEN_FILE or MILVUS_TOKEN, "
            "and the user's role"
        )
    if code == _LOST or isinstance(error, grpc.RpcError):
        return (
            "the server can't be reached, or took too long; check MILVUS_URI, or `uri` of the store, and run the "
            "command again"
        )
    if code == _GONE:
        return "the index was replaced or removed meanwhile; run the command again"
    message = str(getattr(error, "message", "")) or type(error).__name__
    return f"the server says: {message.splitlines()[0].rstrip('.')}"
