"""Runs of `simsearch index` that are killed with SIGKILL at a chosen moment of a chosen phase."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.conftest import PROJECT, python_path
from tests.support.marked_run import PHASES, START


@dataclass(frozen=True)
class Moment:
    """This many seconds after a phase of a run has begun for the nth time, from 0."""

    phase: str
    turn: int
    after: float


@dataclass(frozen=True)
class Began:
    """A phase of a run that was left alone, its turn among those of its name, and how many seconds it lasted."""

    phase: str
    turn: int
    seconds: float


class Run:
    """A process at work on `simsearch index`.

    Args:
        words: Of the command line.
        variables: Of its environment.
    """

    def __init__(self, words: Sequence[object], variables: Mapping[str, str]) -> None:
        self._marks, theirs = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.marked_run", str(theirs), *map(str, words)],
            env={**os.environ, **variables},
            cwd=PROJECT,
            pass_fds=[theirs],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(theirs)

    def finish(self) -> list[Began]:
        """Let it come to its end; what it did when."""
        marks = [(START, time.perf_counter())]
        while phase := self._next():
            marks.append((phase, time.perf_counter()))
        self._demand_success()
        turns: Counter[str] = Counter()
        phases = []
        for (phase, began), (_, ended) in zip(marks, [*marks[1:], ("", time.perf_counter())], strict=True):
            phases.append(Began(phase, turns[phase], ended - began))
            turns[phase] += 1
        return phases

    def kill(self, moment: Moment) -> str | None:
        """Kill it at a moment; the phase that it was in, None where it had come to its end before."""
        turns: Counter[str] = Counter()
        phase: str | None = None
        while phase != moment.phase or turns[phase] <= moment.turn:
            phase = self._next()
            if phase is None:
                self._demand_success()
                return None
            turns[phase] += 1
        time.sleep(moment.after)
        self._process.send_signal(signal.SIGKILL)
        while later := self._next():
            phase = later
        self._process.communicate()
        os.close(self._marks)
        return phase if self._process.returncode == -signal.SIGKILL else None

    def _next(self) -> str | None:
        mark = os.read(self._marks, 1)
        return PHASES[mark[0]] if mark else None

    def _demand_success(self) -> None:
        _, err = self._process.communicate()
        os.close(self._marks)
        assert self._process.returncode == 0, err


def moment_in(phases: Sequence[Began], chance: random.Random) -> Moment:
    """A random moment of some phases, every one as likely as another."""
    (found,) = chance.choices(phases, [phase.seconds for phase in phases])
    return Moment(found.phase, found.turn, chance.uniform(0, found.seconds))


def environment(packages: object, **variables: str) -> dict[str, str]:
    return {"PYTHONPATH": python_path(PROJECT, packages), **variables}
