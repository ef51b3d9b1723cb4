"""An engine on a Ray cluster: `simsearch index docs/ --engine ray:address=auto`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simsearch import Component, InputError, hookimpl

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from simsearch.engines import Engine, EngineContext, EngineOpener

_ADDRESS = re.compile(r"local|auto|[^/\s]+:\d{1,5}")


@hookimpl
def simsearch_engines() -> list[Component]:
    return [Component("ray", "Worker processes of a Ray cluster", ray)]


def ray(address: str = "local", workers: int = 0, threads: int = 1) -> EngineOpener:
    """Files are read, cut and embedded by processes of a Ray cluster; each has the model loaded.

    Where the cluster has GPUs, one process for each GPU embeds, and others read. Every node needs the same packages,
    and must see the workspace's folder, the indexed folders and the models under the same paths.

    Args:
        address: The cluster: `auto` for the one that this machine belongs to, or HOST:PORT. `local` starts Ray on this
            machine for the run.
        workers: Processes to start; 0 means one for each `threads` cores of the cluster.
        threads: Cores for each process.
    """
    if workers < 0 or threads < 1:
        raise InputError("`workers` must be at least 0, and `threads` at least 1.")
    if not _ADDRESS.fullmatch(address):
        raise InputError(f"The address must be local, auto or HOST:PORT, not '{address}'.")

    def start(context: EngineContext) -> AbstractContextManager[Engine]:
        # Not before there is work: importing Ray takes a second.
        from simsearch_ray.engine import Plan, open_engine

        return open_engine(context, Plan(address, workers, threads))

    return start
