"""Two processes share every batch: they train as one would, only the first one writes, and none outlives another.

The processes are real. They are forked from one that has imported torch already: importing is what costs.
"""

import json
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch.errors import ProcessLost, SettingsError
from simsearch.plugins.registry import Registry
from simsearch.settings import ALONE, Processes, TuneSettings, read_processes
from simsearch.tuning.plan import make_plan
from simsearch.types import Event, Pair, Progress
from tests.support.tiny_models import WORDS, save_tiny_model

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes can't be forked on Windows")

TEXTS = [f"{a} {b} {c}" for a in WORDS[:4] for b in WORDS[4:8] for c in WORDS[8:12]]
PAIRS = [Pair(text, " ".join([*text.split()[::-1], "x" * (i % 5)])) for i, text in enumerate(TEXTS[:45])]
"""In batches of 4 the last one has a single pair: fewer than processes."""
GRADED = [Pair(pair.anchor, pair.positive, score=i % 7 / 6) for i, pair in enumerate(PAIRS)]
LOST = "Training stopped because another of its processes ended"
SECONDS = 120


def be(rank: int, count: int, port: int) -> Processes:
    """What the launcher makes of a process."""
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    if count > 1:
        os.environ |= {"RANK": str(rank), "WORLD_SIZE": str(count), "LOCAL_RANK": str(rank)}
    return read_processes()


def train_first(
    port: int,
    count: int,
    out: Path,
    model: Path,
    pairs: Sequence[Pair],
    kill: tuple[int, signal.Signals] | None,
) -> None:
    """What the process does that runs `tune`: train, and write down what came out.

    Args:
        kill: Whom to send a signal after two steps; 0 is this process.
    """
    from simsearch.tuning.training.train import train

    def observe(event: Event) -> None:
        if kill and isinstance(event, Progress) and event.done == 2:
            os.kill(kill[0] or os.getpid(), kill[1])

    registry, scratch = Registry.load(only=()), out.with_suffix(".scratch")
    plan = make_plan(TuneSettings(epochs=1, batch_size=4), pairs, registry)
    processes = be(0, count, port)
    try:
        trained = train(
            model, pairs, None, plan, None,
            seed=1, scratch=scratch, processes=processes, registry=registry, observe=observe,
        )  # fmt: skip
    except (ProcessLost, KeyboardInterrupt) as error:
        out.write_text(json.dumps(str(error)))
        return
    weights = {name: value.tolist() for name, value in trained.model.state_dict().items()}
    out.write_text(json.dumps({"losses": trained.losses, "weights": weights}))


def train_along(port: int, out: Path) -> None:
    """What every other process does."""
    from simsearch.tuning.training.assist import assist

    try:
        assist(Registry.load(only=()), be(1, 2, port))
    except ProcessLost as error:
        out.write_text(json.dumps(str(error)))


class Training:
    """Trains the model in a folder, in one process or two."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = save_tiny_model(folder / "model")
        config = json.loads((self.model / "config.json").read_text())
        without = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
        (self.model / "config.json").write_text(json.dumps({**config, **without}))
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["simsearch.tuning.training.assist"])
        self._runs = 0

    def run(
        self,
        count: int,
        pairs: Sequence[Pair],
        victim: int | None = None,
        by: signal.Signals = signal.SIGKILL,
    ) -> list[Any]:
        """What each process wrote; None for one that wrote nothing.

        Args:
            victim: The rank that gets the signal after two steps.
        """
        self._runs += 1
        outs = [self.folder / f"{self._runs}-{rank}.json" for rank in range(count)]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        others = [self._context.Process(target=train_along, args=(port, out)) for out in outs[1:]]
        for other in others:
            other.start()
        kill = None if victim is None else ((0, *(other.pid for other in others))[victim], by)
        first = self._context.Process(
            target=train_first, args=(port, count, outs[0], self.model, pairs, kill)
        )
        first.start()
        for process in (first, *others):
            process.join(SECONDS)
            assert process.exitcode is not None, "a process hangs"
        return [json.loads(out.read_text()) if out.exists() else None for out in outs]


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Training:
    return Training(tmp_path_factory.mktemp("processes"))


@pytest.mark.parametrize("pairs", [PAIRS, GRADED], ids=["multiple-negatives", "cosent"])
def test_two_processes_train_what_one_does(pairs: list[Pair], training: Training) -> None:
    (alone,), (first, second) = training.run(1, pairs), training.run(2, pairs)
    assert len(alone["losses"]) == 12
    assert first["losses"] == [[step, pytest.approx(loss, abs=1e-4)] for step, loss in alone["losses"]]
    for name, values in alone["weights"].items():
        assert np.allclose(first["weights"][name], values, atol=1e-4), name
    assert second is None


@pytest.mark.parametrize(
    ("victim", "by"), [(1, signal.SIGKILL), (0, signal.SIGKILL), (0, signal.SIGINT)], ids=str
)
def test_the_end_of_one_process_ends_the_other(victim: int, by: signal.Signals, training: Training) -> None:
    wrote = training.run(2, PAIRS, victim, by)
    ended, survivor = wrote[victim], wrote[1 - victim]
    assert ended == ("" if by == signal.SIGINT else None)
    assert LOST in survivor
    assert not [path for path in training.folder.glob("*.scratch/*") if not path.name.startswith("runs")]


def test_a_launcher_is_known_by_its_variables() -> None:
    assert read_processes({}) == ALONE == Processes(0, 1, 0)
    assert read_processes({"RANK": "0"}) == ALONE
    assert read_processes({"RANK": "5", "WORLD_SIZE": "8", "LOCAL_RANK": "1"}) == Processes(5, 8, 1)
    with pytest.raises(SettingsError, match="must be a number"):
        read_processes({"RANK": "first", "WORLD_SIZE": "2", "LOCAL_RANK": "0"})
