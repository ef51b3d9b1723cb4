"""`simsearch serve` as a user runs it: a process of its own, on a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_STOP = 10


@dataclass(frozen=True)
class Server:
    """A running server.

    Args:
        url: Such as http://127.0.0.1:8756.
    """

    url: str
    process: subprocess.Popen[str]

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        """Stop it; returns its exit status."""
        self.process.send_signal(signal_number)
        return self.process.wait(SECONDS_TO_STOP)


@contextmanager
def running_server(folder: Path, *options: str, **variables: str) -> Iterator[Server]:
    """A server for the workspace in `folder`, stopped at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "simsearch", "serve", "--port", "0", *options],
        cwd=folder,
        env={**os.environ, "HF_HUB_OFFLINE": "1", **variables},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Server(_wait_for_url(process), process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait_for_url(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("Answering on "):
            return line.split()[2]
    raise AssertionError(f"the server did not start: {''.join(said)}")
