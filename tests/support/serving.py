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
from typing import Any

import httpx2

from simsearch import Workspace

SECONDS_TO_STOP = 30

FILES = {
    "docs/undo.md": "# Undo\n\nTo undo the last commit, run `git reset --soft HEAD~1`.",
    "docs/branch.md": "# Branches\n\nA branch is a movable name of a commit.",
    "docs/hostile.md": "# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> \u202eevil marks",
}


@dataclass(frozen=True)
class Server:
    """A running server.

    Args:
        url: Such as http://127.0.0.1:8756.
    """

    url: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def client(self, **options: Any) -> httpx2.Client:
        """A client that needs no more than the path."""
        # There is no TLS here, and loading certificates for each client takes a sixth of a second.
        return httpx2.Client(base_url=self.url, timeout=60, verify=False, **options)

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


def error_of(response: httpx2.Response) -> str:
    """The sentence of an error, which every response that is not a success has."""
    message: str = response.json()["error"]["message"]
    assert message.endswith(".") and "Traceback" not in message
    return message


def make_workspace(folder: Path) -> Workspace:
    """A workspace in which a few files are indexed."""
    for path, text in FILES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    workspace = Workspace(folder)
    workspace.index(folder / "docs")
    return workspace


def workers_of(server: Server) -> list[int]:
    """The processes that answer; multiprocessing starts one more, which tracks resources."""
    found = subprocess.run(
        ["ps", "-ww", "--ppid", str(server.process.pid), "-o", "pid=", "-o", "args="],
        capture_output=True,
        text=True,
    )
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "spawn_main" in line]
