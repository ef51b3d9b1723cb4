"""A Milvus server for tests and benchmarks: milvus-lite behind gRPC, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
SECONDS_TO_STOP = 60


@dataclass(frozen=True)
class MilvusServer:
    """A running server.

    Args:
        address: Such as http://127.0.0.1:19530.
    """

    address: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])


@contextmanager
def running_milvus(folder: Path, port: int = 0) -> Iterator[MilvusServer]:
    """A server with the data in a folder, stopped at the end if it still runs.

    Args:
        port: 0 takes one that is free.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.milvus_server", str(folder), str(port)],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    try:
        yield MilvusServer(f"http://127.0.0.1:{int(process.stdout.readline())}", process)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    try:
        process.communicate(timeout=SECONDS_TO_STOP)  # it ends with its standard input
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise


def _serve(folder: str, port: int) -> None:
    from milvus_lite.adapter.grpc.server import start_server_in_thread

    server, database, taken = start_server_in_thread(folder, port=port)
    sys.stdout.write(f"{taken}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop(grace=0)
    database.close()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
