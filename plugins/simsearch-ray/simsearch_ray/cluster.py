"""Connecting to a Ray cluster, or starting one on this machine."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ray

from simsearch.errors import SimsearchError

OBJECT_STORE = 256 << 20
"""Bytes for results that wait; a batch of files or vectors takes less than a megabyte."""

TIMEOUT = 10.0
"""Seconds to wait for a cluster to answer."""


class ClusterError(SimsearchError):
    """A Ray cluster can't be reached, or its workers don't do the work."""


@contextmanager
def connect(address: str) -> Iterator[None]:
    """Use a cluster; where this process is connected already, that one.

    Args:
        address: `local` starts one, which ends with the context.

    Raises:
        ClusterError: There is no cluster at this address.
    """
    if ray.is_initialized():
        yield
        return
    # Ray reports its use to its makers otherwise.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    with tempfile.TemporaryDirectory(
        prefix="ray-", dir=_short_folder(), ignore_cleanup_errors=True
    ) as folder:
        try:
            _connect(address, folder)
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            raise ClusterError(
                f"The Ray cluster '{address}' can't be used: {_first_line(error)}.",
                fix="Start one with `ray start --head`, or leave out `address` to start Ray for this run. If the "
                "cluster asks for a token, set RAY_AUTH_MODE=token.",
            ) from error
        try:
            yield
        finally:
            ray.shutdown()


def count_places(threads: int) -> int:
    """How many workers the nodes of the cluster have room for.

    Args:
        threads: Cores that each worker takes.

    Raises:
        ClusterError: No node has enough cores for one.
    """
    places = sum(cores // threads for cores in _list("CPU"))
    if not places:
        raise ClusterError(f"No node of the Ray cluster has {threads} cores.", fix="Ask for fewer `threads`.")
    return places


def count_gpus() -> int:
    """The GPUs of the cluster."""
    return sum(_list("GPU"))


def _list(resource: str) -> list[int]:
    """How much of a resource each node has."""
    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return [int(node["Resources"].get(resource, 0)) for node in nodes if node["Alive"]]


def _connect(address: str, folder: str) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address not in ("local", "auto"):
        _knock(address)
    if address == "local":
        quiet |= {
            "include_dashboard": False,
            "object_store_memory": OBJECT_STORE,
            "_node_ip_address": "127.0.0.1",
            "_temp_dir": folder,
        }
    ray.init(address=address, **quiet)
    # Ray prints what it says of workers that died to stdout, which is for results; the engine counts them itself.
    ray._private.worker._worker_logs_enabled = False


def _knock(address: str) -> None:
    """Demand that something answers at HOST:PORT; Ray itself would try for a minute, and then abort the process."""
    host, _, port = address.rpartition(":")
    socket.create_connection((host, int(port)), TIMEOUT).close()


def _short_folder() -> str | None:
    """Where sockets can be: their paths may have no more than about a hundred characters."""
    return None if sys.platform == "win32" else "/tmp"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
