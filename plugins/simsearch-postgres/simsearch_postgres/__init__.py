"""A store in PostgreSQL with pgvector: `[index] store = "postgres"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:
    from simsearch.storage.opening import StoreOpener

EXACT = 20_000
LONGEST_NAME = 63


@hookimpl
def simsearch_stores() -> list[Component]:
    return [Component("postgres", "PostgreSQL with pgvector", postgres)]


def postgres(
    schema: str = "simsearch",
    service: str = "",
    host: str = "",
    port: str = "",
    database: str = "",
    user: str = "",
    exact: int = EXACT,
) -> StoreOpener:
    """An index in a schema of a PostgreSQL database, which needs the extension `vector` (0.8 or later).

    What is not given comes from the variables PG*, such as PGHOST and PGSERVICE, as with any PostgreSQL client.
    Passwords come from PGPASSWORD, ~/.pgpass or a service file; there is no argument for them.

    Args:
        schema: Holds the index; each workspace takes one of its own.
        service: A service of ~/.pg_service.conf.
        host: The server's name, or the folder of its socket.
        port: The server's port.
        database: The database.
        user: The role.
        exact: Vectors up to which each is compared with the question; more get an HNSW index.
    """
    if not schema or "\0" in schema or len(schema.encode()) > LONGEST_NAME:
        raise InputError(f"'{schema}' can't name a schema; it takes 1 to {LONGEST_NAME} bytes.")
    given = {"service": service, "host": host, "port": port, "dbname": database, "user": user}

    from simsearch_postgres.connecting import Server
    from simsearch_postgres.store import PostgresStore

    server = Server(schema, {key: value for key, value in given.items() if value})
    return lambda context: PostgresStore(server, exact, context.observe)
