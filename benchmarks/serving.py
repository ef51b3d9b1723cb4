"""Measures servers: `simsearch serve` next to txtai's API and a script of FastAPI, sentence-transformers and FAISS.

    python benchmarks/serving.py FOLDER [--chunks 10000] [--seconds 10] [--peers PYTHON]

All have the same chunks with the same vectors (store_texts.py) and the same model, and answer the same real questions
over one connection per client. simsearch and txtai search hybrid, with their defaults; the script only by vectors.
PYTHON is that of an environment with `txtai[api]`. The clients share the machine with the server, so that figures of
several clients are about the whole machine. The index run adds texts that have to be embedded, in a process of its own.
What was built in the folder is kept for the next run.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))

MODEL = "all-MiniLM-L6-v2"
EVERY = 8
K = 10
WARM = 20
ADDED = 20_000
PATIENCE = 180


@dataclass(frozen=True)
class Contender:
    """A server.

    Args:
        command: Starts it on a port.
        path: Asks it a question.
    """

    name: str
    command: Callable[[int], Sequence[str]]
    path: str


@dataclass(frozen=True)
class Measured:
    """Milliseconds of each answer, and answers a second."""

    milliseconds: list[float]
    rate: float

    def cells(self) -> str:
        p50, p95 = statistics.median(self.milliseconds), float(np.quantile(self.milliseconds, 0.95))
        return f"{p50:.1f} | {p95:.1f} | {self.rate:.0f}"


def ask(port: int, path: str, questions: Iterator[str], until: float) -> list[float]:
    """Ask one question after another over one connection; milliseconds of each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    while time.perf_counter() < until:
        began = time.perf_counter()
        connection.request("GET", path + quote(next(questions)))
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, body
        taken.append(1000 * (time.perf_counter() - began))
    connection.close()
    return taken


def ask_with(clients: int, port: int, path: str, questions: Sequence[str], seconds: float) -> Measured:
    """Several clients at the same time, each with its own part of the questions."""
    found: list[list[float]] = []
    began = time.perf_counter()

    def run(number: int) -> None:
        own = itertools.cycle(questions[number::clients])
        found.append(ask(port, path, own, began + seconds))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [value for values in found for value in values]
    return Measured(everything, len(everything) / (time.perf_counter() - began))


@contextmanager
def running(contender: Contender, questions: Sequence[str]) -> Iterator[int]:
    """A server that has answered its first questions; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(contender.command(port), cwd=PROJECT, start_new_session=True)
    try:
        _wait(port, process)
        ask_with(2, port, contender.path, questions[:WARM], 2.0)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the server has ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def prepare(folder: Path, chunks: int) -> list[str]:
    """Build the index, the texts and vectors for the peers, and what the index run adds; returns the questions."""
    from benchmarks.store import build
    from benchmarks.store_texts import Source

    source = Source(folder / "source", EVERY)
    workspace = folder / f"workspace-{chunks}"
    docs, more = workspace / "docs", workspace / "more"
    if not (workspace / ".simsearch").is_dir():
        build(workspace, chunks, source)
    if not docs.is_dir():
        docs.mkdir()
        blocks = list(source.blocks(chunks))
        np.save(workspace / "vectors.npy", np.concatenate([vectors for _, vectors in blocks]))
        texts = [text or "-" for block, _ in blocks for text in block]
        (workspace / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        for number in range(-(-chunks // 1000)):  # so that files of hits exist
            (docs / f"{number:04}.jsonl").touch()
        more.mkdir()
        words = np.array(" ".join(source.texts[:2000]).split())
        random = np.random.default_rng(1)
        for number in range(ADDED // 10):
            text = "\n\n".join(" ".join(random.choice(words, 60)) for _ in range(10))
            (more / f"{number:05}.txt").write_text(text, encoding="utf-8")
    return list(source.questions)


def contenders(workspace: Path, peers: str | None) -> list[Contender]:
    serve = [sys.executable, "-m", "simsearch", "serve", "--workspace", str(workspace), "--port"]
    own = f"/api/v1/search?k={K}&query="
    found = [
        Contender("simsearch serve", lambda port: [*serve, str(port)], own),
        Contender("simsearch serve --workers 2", lambda port: [*serve, str(port), "--workers", "2"], own),
    ]
    if peers:
        start = [peers, str(PROJECT / "benchmarks" / "serving_peers.py")]
        path = f"/search?limit={K}&query="
        found += [
            Contender("txtai's API, hybrid", lambda port: [*start, "txtai", str(workspace), str(port)], path),
            Contender(
                "FastAPI, sentence-transformers, FAISS",
                lambda port: [*start, "faiss", str(workspace), str(port)],
                path,
            ),
        ]
    return found


def measure(contender: Contender, workspace: Path, questions: Sequence[str], seconds: float) -> str:
    """A row of the table."""
    with running(contender, questions) as port:
        cells = [ask_with(n, port, contender.path, questions, seconds).cells() for n in (1, 8)]
        if contender.name.startswith("simsearch"):
            cells.append(_measure_during_index_run(contender, workspace, port, questions, seconds))
        else:
            cells.append(" |  | ")
    return " | ".join([contender.name, *cells])


def _measure_during_index_run(
    contender: Contender, workspace: Path, port: int, questions: Sequence[str], seconds: float
) -> str:
    words = [sys.executable, "-m", "simsearch", "index", "--quiet", "more"]
    indexing = subprocess.Popen(words, cwd=workspace, stdout=subprocess.DEVNULL)
    time.sleep(3)  # it reads and embeds by now
    measured = ask_with(8, port, contender.path, questions, seconds)
    still = indexing.poll() is None
    indexing.send_signal(signal.SIGINT)
    indexing.wait()
    subprocess.run(
        [sys.executable, "-m", "simsearch", "forget", "more"], cwd=workspace, stdout=subprocess.DEVNULL
    )
    return measured.cells() if still else "the index run ended too soon | | "


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--peers", help="A python with txtai[api]; without it, only simsearch is measured.")
    parser.add_argument("--prepare", action="store_true", help="Only build what is measured.")
    given = parser.parse_args()
    folder = given.folder.resolve()
    questions = prepare(folder, given.chunks)
    if given.prepare:
        return
    columns = [
        f"{n}: {name}"
        for n in ("1 client", "8 clients", "8, index run")
        for name in ("p50 ms", "p95", "a second")
    ]
    print("| server |", " | ".join(columns), "|\n|", " --- |" * (len(columns) + 1), flush=True)
    workspace = folder / f"workspace-{given.chunks}"
    for contender in contenders(workspace, given.peers):
        print("|", measure(contender, workspace, questions, given.seconds), "|", flush=True)


if __name__ == "__main__":
    main()
