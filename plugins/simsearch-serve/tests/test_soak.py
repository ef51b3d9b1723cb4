"""A server under everything at once: eight clients, index runs, killed workers, a full disk, half requests, and an
index that is deleted underneath. No answer is wrong, nothing that was indexed is lost, and memory stays flat.

One round has every event once and is part of the suite; `make soak` repeats it for ten minutes.
"""

import itertools
import os
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest

from tests.support.serving import Server, running_server, workers_of

FACTS, CLIENTS, HALF = 40, 8, 20
SECONDS_A_ROUND = 60
GROWTH = 80_000_000
"""Bytes by which a worker may grow after the first round: SQLite's and FAISS's pages of a growing index."""

NAMES = [f"{a}{b}{c}" for a, b, c in itertools.product(("ka", "lo", "mi", "nu"), repeat=3)][:FACTS]


class Clients:
    """Eight threads that ask for facts and check each answer, except while the index is known to be gone.

    Args:
        pause: Seconds that each waits after an answer.
    """

    def __init__(self, server: Server, pause: float) -> None:
        self._server, self._pause = server, pause
        self._settled, self._stop = threading.Event(), threading.Event()
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()
        self._settled.set()

    @contextmanager
    def asking(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    @contextmanager
    def index_is_gone(self) -> Iterator[None]:
        self._settled.clear()
        yield
        self._settled.set()

    def _ask(self, number: int) -> None:
        names = itertools.islice(itertools.cycle(NAMES), number, None)
        while not self._stop.is_set():
            try:
                with self._server.client() as client:
                    while not self._stop.is_set():
                        self._ask_for(next(names), client)
                        self._stop.wait(self._pause)
            except httpx2.TransportError:
                self.counts["connections lost with a killed worker"] += 1

    def _ask_for(self, name: str, client: httpx2.Client) -> None:
        settled = self._settled.is_set()
        found = client.get("/api/v1/search", params={"query": f"where does {name} live", "k": 3})
        self.counts[f"status {found.status_code}"] += 1
        if found.status_code in (200, 503) and not (settled and self._settled.is_set()):
            return
        paths = [hit["path"] for hit in found.json()["hits"]] if found.status_code == 200 else [found.text]
        if paths[:1] != [f"docs/{name}.md"]:
            self.wrong.append(f"{name}: {found.status_code} {paths}")


def soak(folder: Path, seconds: float, pause: float = 0) -> None:
    """A round of trouble a minute until the time is over; at least one. Workers that are killed faster than that are
    not replaced, as if they couldn't start."""
    for name in NAMES:
        write(
            folder / f"docs/{name}.md", f"# {name}\n\nThe animal {name} lives in the valley of {name[::-1]}."
        )
    index(folder)
    until = time.monotonic() + seconds
    with (
        running_server(folder, "--workers", "2", "--limit", "seconds_to_send=5") as server,
        ExitStack() as open_,
    ):
        clients = Clients(server, pause)
        open_.enter_context(clients.asking())
        sizes = []
        for number in itertools.count():
            next_round = time.monotonic() + SECONDS_A_ROUND
            trouble(folder, server, clients, number)
            sizes.append(max(map(memory_of, workers_of(server))))
            assert not clients.wrong, clients.wrong[:5]
            if next_round > until:
                break
            time.sleep(max(0.0, next_round - time.monotonic()))
        assert not foreign_addresses([server.process.pid, *workers_of(server)])
    print(
        f"\n{number + 1} rounds: {dict(clients.counts)}; MB of a worker: {[size // 1_000_000 for size in sizes]}"
    )
    assert clients.counts["status 200"] > CLIENTS
    assert sizes[-1] - sizes[0] < GROWTH


def trouble(folder: Path, server: Server, clients: Clients, number: int) -> None:
    """One round of all that may happen."""
    added = folder / f"docs/added-{number}.md"
    write(added, f"The visitor number{number} came by boat.")
    with half_requests(server):
        index(folder)
        wait_for(server, f"visitor number{number}", f"docs/added-{number}.md")
        os.kill(workers_of(server)[0], signal.SIGKILL)
        wait_for(server, f"visitor number{number}", f"docs/added-{number}.md")
    write(folder / "docs/large.md", "\n\n".join(f"Paragraph {i} of round {number}." for i in range(3000)))
    failed = index(folder, room=200_000, check=False)
    assert failed.returncode == 1 and "full" in failed.stderr, failed.stderr
    (folder / "docs/large.md").unlink()
    wait_for(server, f"visitor number{number}", f"docs/added-{number}.md")
    with clients.index_is_gone():
        while (folder / ".simsearch").exists():  # readers may make SQLite's side files meanwhile
            shutil.rmtree(folder / ".simsearch", ignore_errors=True)
        index(folder)
        wait_for(server, f"visitor number{number}", f"docs/added-{number}.md")
        wait_for(server, f"where does {NAMES[-1]} live", f"docs/{NAMES[-1]}.md")


def index(folder: Path, room: int | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Index the folder.

    Args:
        room: Bytes that a file may have, as if the disk were full after that.
    """
    limit: Callable[[], None] | None = None
    if room:
        limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (room, room))
    done = subprocess.run(
        # -B: with little room Python would leave half a file of byte code
        [sys.executable, "-B", "-m", "simsearch", "index", "--quiet", "docs"],
        cwd=folder, capture_output=True, text=True, preexec_fn=limit, check=False,
    )  # fmt: skip
    assert done.returncode == 0 or not check, done.stderr
    return done


def wait_for(server: Server, text: str, path: str) -> None:
    """Until the server answers a question with this file first."""
    until, found = time.monotonic() + 180, None
    while time.monotonic() < until:
        assert server.process.poll() is None, "the server has ended"
        try:
            with server.client() as client:
                found = client.get("/api/v1/search", params={"query": text})
        except httpx2.TransportError:
            continue
        if found.status_code == 200 and [hit["path"] for hit in found.json()["hits"]][:1] == [path]:
            return
    raise AssertionError(f"{path} was lost: {found and found.text}")


@contextmanager
def half_requests(server: Server) -> Iterator[None]:
    """Clients that send half a request and then nothing."""
    with ExitStack() as opened:
        for _ in range(HALF):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(b"POST /api/v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le")
        yield


def memory_of(process: int) -> int:
    """Bytes of a process that are its own."""
    status = Path(f"/proc/{process}/status").read_text()
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("RssAnon")).split()[1])


def foreign_addresses(processes: list[int]) -> set[str]:
    """The addresses outside this machine that processes have connections to."""
    own = {str(path.readlink()) for process in processes for path in Path(f"/proc/{process}/fd").iterdir()}
    found = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        address = socket.inet_ntoa(struct.pack("<I", int(fields[2].partition(":")[0], 16)))
        if f"socket:[{fields[9]}]" in own and not address.startswith(("127.", "0.0.0.0")):
            found.add(address)
    return found


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of processes from /proc")


@linux_only
def test_a_round_of_trouble(tmp_path: Path) -> None:
    soak(tmp_path, 0, pause=0.5)


@linux_only
@pytest.mark.slow
def test_ten_minutes_of_trouble(tmp_path: Path) -> None:
    soak(tmp_path, 600)
