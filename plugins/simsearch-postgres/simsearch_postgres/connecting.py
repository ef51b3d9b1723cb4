"""Connections to the server, and what its errors mean to the user. No message contains a password."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.types import TypeInfo

from simsearch.errors import NoIndex, OtherFormat, SimsearchError, StorageError
from simsearch_postgres.locking import take_lock
from simsearch_postgres.schema import MIGRATIONS
from simsearch_postgres.session import Connection, one, send_in_binary

LONGEST_APPLICATION_NAME = 63

SECONDS = 10
"""How long a server may take to accept a connection, unless PGCONNECT_TIMEOUT says otherwise."""

_READ_ONLY = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@dataclass(frozen=True, slots=True)
class Server:
    """Where an index is: a schema of a database. What is not given comes from the environment, by libpq."""

    schema: str
    given: Mapping[str, str] = field(default_factory=dict)

    def connect_to_read(self) -> Connection:
        """A connection in a transaction that sees one state of the index and changes nothing.

        Raises:
            NoIndex, OtherFormat, StorageError: There is nothing that this version can read.
        """
        with self.explain_errors():
            connection = self._connect()
            with _closed_on_error(connection):
                connection.execute(_READ_ONLY)
                self._demand_version(self._version(connection))
                self._prepare(connection)
        return connection

    def connect_to_write(self) -> Connection:
        """A connection of the one writer, in a transaction; the tables are made or brought up to date.

        Raises:
            WorkspaceLocked: Another process is writing.
        """
        with self.explain_errors():
            connection = self._connect()
            with _closed_on_error(connection):
                take_lock(connection, self.schema, str(self))
                connection.execute("BEGIN")
                self._migrate(connection)
                self._prepare(connection)
        return connection

    def version(self) -> int:
        """The version of the tables; 0 where there are none."""
        with self.explain_errors():
            connection = self._connect()
            with connection:
                return self._version(connection)

    def remove(self) -> None:
        """Drop the schema with all that is in it."""
        with self.explain_errors():
            connection = self._connect()
            with _closed_on_error(connection):
                take_lock(connection, self.schema, str(self))
                connection.execute(
                    sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(self.schema))
                )
            connection.close()

    @contextmanager
    def explain_errors(self) -> Iterator[None]:
        """Turn what the server reports into a StorageError that says what to do."""
        try:
            yield
        except SimsearchError:
            raise
        except psycopg.ProgrammingError as error:
            if error.sqlstate is None:
                raise  # a mistake of this package, not of the server
            raise StorageError(self._explain(error)) from None
        except psycopg.Error as error:
            # Without the original: its connection knows the password, and its text may quote the connection string.
            raise StorageError(self._explain(error)) from None

    def no_index(self) -> NoIndex:
        return NoIndex(f"There is no index in {self} yet; `simsearch index PATH` creates one.")

    def __str__(self) -> str:
        return f"the schema '{self.schema}' of the database"

    def _connect(self) -> Connection:
        given: dict[str, Any] = {"application_name": _application_name(), **self.given}
        if "PGCONNECT_TIMEOUT" not in os.environ:
            given["connect_timeout"] = SECONDS
        return psycopg.connect(autocommit=True, **given)

    def _version(self, connection: Connection) -> int:
        (table,) = one(connection, "SELECT to_regclass(quote_ident(%s) || '.about')::oid", self.schema)
        if table is None:
            return 0
        about = sql.SQL("SELECT version FROM {}").format(sql.Identifier(self.schema, "about"))
        found = connection.execute(about).fetchone()
        return int(found[0]) if found else 0

    def _demand_version(self, version: int) -> None:
        if version == 0:
            raise self.no_index()
        if version < len(MIGRATIONS):
            raise OtherFormat(
                f"The index in {self} has the format {version}, but this simsearch-postgres reads the format "
                f"{len(MIGRATIONS)}; `simsearch index` brings it up to date."
            )
        if version > len(MIGRATIONS):
            raise self._too_new(version)

    def _too_new(self, version: int) -> OtherFormat:
        return OtherFormat(
            f"The index in {self} has the format {version}, but this simsearch-postgres knows formats up to "
            f"{len(MIGRATIONS)}; update simsearch-postgres."
        )

    def _migrate(self, connection: Connection) -> None:
        version = self._version(connection)
        if version > len(MIGRATIONS):
            raise self._too_new(version)
        if version == len(MIGRATIONS):
            return
        if version == 0:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(self.schema)))
        self._use_schema(connection)
        for script in MIGRATIONS[version:]:
            connection.execute(script)
        connection.execute("DELETE FROM about")
        connection.execute("INSERT INTO about (version) VALUES (%s)", (len(MIGRATIONS),))
        connection.execute("COMMIT")
        connection.execute("BEGIN")

    def _prepare(self, connection: Connection) -> None:
        self._use_schema(connection)
        connection.execute("SET jit = off")  # compiling takes longer than any of the searches
        info = TypeInfo.fetch(connection, "halfvec")
        if info is None:
            raise StorageError(
                f"{str(self).capitalize()} can't be used: the extension vector is missing there, or older than 0.8."
            )
        send_in_binary(connection, info)

    def _use_schema(self, connection: Connection) -> None:
        """Find the tables, and the types of the extension wherever it is installed."""
        connection.execute(
            "SELECT set_config('search_path', quote_ident(%s) || coalesce((SELECT ', ' || quote_ident(n.nspname) "
            "FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'), ''), "
            "false)",
            (self.schema,),
        )

    def _explain(self, error: psycopg.Error) -> str:
        match error:
            case errors.InsufficientPrivilege():
                why = "the role may not do this; let its owner grant what docs/stores.md lists"
            case errors.DiskFull():
                why = (
                    "its disk is full; what was committed is kept. Free some space and run the command again"
                )
            case errors.UndefinedFile() | errors.FeatureNotSupported():
                why = "the server has no extension vector (pgvector 0.8 or later); install it there"
            case psycopg.OperationalError() if error.sqlstate is None and "certificate" in str(error):
                why = (
                    "the server's certificate can't be verified; check PGSSLROOTCERT, and that PGHOST is the name that "
                    "the certificate is for"
                )
            case psycopg.OperationalError() if error.sqlstate is None and "password" in str(error):
                why = (
                    "the server doesn't accept the password, or gets none; check PGUSER, and PGPASSWORD, ~/.pgpass or "
                    "the service file"
                )
            case psycopg.OperationalError() if _lost(error):
                why = (
                    "the server can't be reached, refused the connection or closed it; what was committed is kept. "
                    "Check the PG* variables and run the command again"
                )
            case _:
                why = f"the server says: {_first_line(error)}"
        return f"The index in {self} can't be used: {why}."


@contextmanager
def _closed_on_error(connection: Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _application_name() -> str:
    """Names this process to others: they see it as the holder of the writer's lock."""
    return f"Process {os.getpid()} on {socket.gethostname()}"[:LONGEST_APPLICATION_NAME]


def _lost(error: psycopg.Error) -> bool:
    """Whether the connection could not be made, or was ended by the server (SQLSTATE 08… and 57P…)."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


def _first_line(error: psycopg.Error) -> str:
    message = error.diag.message_primary or type(error).__name__
    return message.splitlines()[0].rstrip(".")
