"""Who may read and write, what a lost server does, and that no password is ever shown."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from simsearch.errors import NoIndex, OtherFormat, StorageError
from simsearch.plugins.registry import Registry
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import ANIMALS, fill, identity, put, view

SECRET = "pw-7f3a-never-shown"
FULL_DISK = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON chunks EXECUTE FUNCTION refuse();
"""
"""What the server answers on a full disk; a real one was tried by hand."""


@pytest.fixture
def store(schema: str) -> Store:
    return open_store(f"postgres:schema={schema}")


def open_store(spec: str) -> Store:
    return Registry.load().store(spec).value(StoreContext(Path("unused")))


def test_a_role_that_only_reads_can_query(store: Store, schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    before = view(store)
    with psycopg.connect(autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS reader")
        owner.execute("CREATE ROLE reader LOGIN")
        owner.execute(f"GRANT USAGE ON SCHEMA {schema} TO reader")
        owner.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader")
        monkeypatch.setenv("PGUSER", "reader")
        assert view(store) == before
        with pytest.raises(StorageError, match="the role may not do this"):
            fill(store)
        owner.execute("DROP OWNED BY reader")
        owner.execute("DROP ROLE reader")


def test_no_message_shows_a_password(
    schema: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    caplog.set_level(logging.DEBUG)
    for variable, value in (("PGHOST", "127.0.0.1"), ("PGPORT", "1"), ("PGUSER", f"nobody-{schema}")):
        monkeypatch.setenv(variable, value)
        with pytest.raises(StorageError) as caught:
            open_store(f"postgres:schema={schema}").exists()
        error: BaseException | None = caught.value
        assert "can't be reached" in str(error)
        while error is not None:
            assert SECRET not in f"{error} {error!r} {vars(error)}"
            error = error.__context__ if not error.__suppress_context__ else error.__cause__
    assert SECRET not in caplog.text


@pytest.mark.parametrize("password", [SECRET, ""])
def test_a_wrong_or_missing_password_is_named_as_the_reason(
    store: Store, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGUSER", "guarded")
    monkeypatch.setenv("PGPASSWORD", password)
    with pytest.raises(
        StorageError, match="doesn't accept the password, or gets none; check PGUSER"
    ) as caught:
        store.exists()
    assert SECRET not in str(caught.value)


def test_status_shows_no_password(schema: str, tmp_path: Path) -> None:
    fill(open_store(f"postgres:schema={schema}"))
    (tmp_path / "simsearch.toml").write_text(f'[index]\nstore = "postgres:schema={schema}"\n')
    done = subprocess.run(
        [sys.executable, "-m", "simsearch", "status", "--format", "json", "--debug"],
        cwd=tmp_path, env={**os.environ, "PGPASSWORD": SECRET}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert json.loads(done.stdout)["index"]["files"] == len(ANIMALS)
    assert SECRET not in done.stdout + done.stderr
    assert all(SECRET not in path.read_text("latin-1") for path in tmp_path.rglob("*") if path.is_file())


def test_a_writer_whose_connection_is_cut_loses_only_what_was_not_committed(store: Store) -> None:
    fill(store)
    with store.write(identity()) as writer:
        put(writer, "docs/new.md", "some news")
        writer.commit()
        committed = view(store)
        put(writer, "docs/lost.md", "not committed")
        with psycopg.connect(autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'Process %'"
            )
        with pytest.raises(StorageError, match="what was committed is kept"):
            writer.commit()
    assert view(store) == committed
    with store.write(identity()) as writer:  # the lock went with the connection
        writer.finish()
    assert view(store).finished


def test_a_server_with_a_full_disk_keeps_the_index_and_the_next_run_continues(
    store: Store, schema: str
) -> None:
    fill(store)
    before = view(store)
    with psycopg.connect(autocommit=True) as owner:
        owner.execute(f"SET search_path = {schema}")
        owner.execute(FULL_DISK)
        with pytest.raises(StorageError, match="its disk is full; what was committed is kept") as caught:
            fill_more(store)
        assert "\n" not in str(caught.value)
        assert view(store).documents == before.documents
        owner.execute("DROP FUNCTION refuse CASCADE")
    fill_more(store)
    assert view(store).counts[0] == len(ANIMALS) + 1
    assert view(store).finished


def fill_more(store: Store) -> None:
    with store.write(identity()) as writer:
        put(writer, "docs/new.md", "some news")
        writer.finish()


def test_another_version_of_the_tables_is_refused_with_what_to_do(store: Store, schema: str) -> None:
    fill(store)
    with psycopg.connect(autocommit=True) as owner:
        owner.execute(f"UPDATE {schema}.about SET version = 99")
        for use in (store.read, lambda: store.write(identity())):
            with pytest.raises(OtherFormat, match="update simsearch-postgres"):
                use()


def test_indexes_of_one_database_are_apart(schema: str) -> None:
    one, other = open_store(f"postgres:schema={schema}"), open_store(f"postgres:schema={schema}_b")
    fill(one)
    assert not other.exists()
    with one.write(identity()), other.write(identity()) as writer:
        put(writer, "docs/a.md", "another")
        writer.finish()
    assert view(one).counts[0] == len(ANIMALS)
    one.remove()  # type: ignore[attr-defined]
    with pytest.raises(NoIndex), closing(one.read()):
        pass
    assert view(other).counts[0] == 1
