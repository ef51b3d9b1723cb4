"""One writer at a time: who holds the lock, and when a lost client gives it back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from simsearch.errors import StorageError, WorkspaceLocked
from simsearch.plugins.registry import Registry
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import fill, identity, view

BUSY_WRITER = """
import sys
from simsearch_postgres.connecting import Server
Server(sys.argv[1]).connect_to_write().execute("SELECT pg_sleep(600)")
"""
WHAT_IT_WAITS_FOR = "SELECT wait_event FROM pg_stat_activity WHERE application_name LIKE %s"


@pytest.fixture
def store(schema: str) -> Store:
    return Registry.load().store(f"postgres:schema={schema}").value(StoreContext(Path("unused")))


def test_a_second_writer_hears_who_holds_the_lock_and_how_to_end_that_session(store: Store) -> None:
    with store.write(identity()) as writer:
        with pytest.raises(
            WorkspaceLocked, match=f"Process {os.getpid()} on .* since 20.*; wait until"
        ) as caught:
            store.write(identity())
        (advised,) = re.findall("`(SELECT .*)`", str(caught.value))
        with psycopg.connect(autocommit=True) as owner:
            owner.execute(advised)
        fill(store)
        with pytest.raises(StorageError, match="what was committed is kept"):
            writer.commit()
    assert view(store).finished


def test_a_writer_killed_during_a_long_statement_does_not_keep_the_lock(store: Store, schema: str) -> None:
    busy = subprocess.Popen([sys.executable, "-c", BUSY_WRITER, schema])
    with psycopg.connect(autocommit=True) as owner:
        while owner.execute(WHAT_IT_WAITS_FOR, (f"Process {busy.pid} on %",)).fetchone() != ("PgSleep",):
            assert busy.poll() is None
    busy.kill()
    busy.wait()
    fill(store)
    assert view(store).finished
