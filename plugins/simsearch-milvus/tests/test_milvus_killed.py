"""Runs that are killed at random moments: the index answers, and the next run comes to what a run that was left alone
comes to. MILVUS_KILLS says how many; `make torture-milvus` takes 50."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from simsearch.errors import WorkspaceLocked
from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import view
from tests.support.killed_store import demand_an_answer, index, left_alone, model_of, open_store, start_run

KILLS = int(os.environ.get("MILVUS_KILLS", "1"))
LONGEST_RUN = 1.0
"""Seconds; a run that ends before its kill is not counted."""


@pytest.mark.slow
def test_a_killed_run_costs_nothing(name: str) -> None:
    chance = random.Random(name)
    spec = f"milvus:name={name},lease=2"
    store, alone = open_store(spec), open_store(f"milvus:name={name}alone")
    first = chance.randrange(3)  # every third version has another model
    index(store, first)
    killed = 0
    for version in range(first + 1, 20 * KILLS):
        if killed == KILLS:
            break
        run = start_run(spec, version)
        time.sleep(chance.uniform(0, LONGEST_RUN))
        run.send_signal(signal.SIGKILL)
        killed += run.wait() != 0
        demand_an_answer(store, version)
        _index_once_the_lease_is_over(store, version)
        assert view(store, model_of(version)) == left_alone(alone, version)
    assert killed == KILLS


def _index_once_the_lease_is_over(store: Store, version: int) -> None:
    """The killed writer's lease ends two seconds after it was last renewed."""
    while True:
        try:
            return index(store, version)
        except WorkspaceLocked:
            time.sleep(0.2)
