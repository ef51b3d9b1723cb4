"""The number of threads to compute with: that of the settings, the cores that this process may use, or one for small
matrices."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

CGROUP = Path("/sys/fs/cgroup")

A = TypeVar("A")
B = TypeVar("B")


_wanted = 0


def use_threads(wanted: int) -> None:
    """Say how many threads this process computes with, such as FAISS, which also has one number for the whole process.

    Args:
        wanted: From the settings; 0 means the cores that this process may use.
    """
    global _wanted
    _wanted = wanted


def allowed_threads(wanted: int = 0) -> int:
    """The wanted number; by default that of `use_threads`, and without one the cores that this process may use."""
    return wanted or _wanted or count_cores()


@cache
def count_cores(cgroup: Path = CGROUP) -> int:
    """As many as the affinity and the quota of the control group allow, at least one.

    Args:
        cgroup: The folder with the limits of the control group, on Linux.
    """
    return max(1, min(_affinity(), _quota(cgroup)))


def in_parallel(work: Callable[[A], B], parts: Sequence[A], threads: int) -> list[B]:
    """Do all parts, as many at the same time as there are threads; an error or Ctrl-C drops those not yet begun."""
    threads = min(threads, len(parts))
    if threads < 2:
        return [work(part) for part in parts]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def one_blas_thread() -> AbstractContextManager[Any]:
    """Let numpy multiply with one thread meanwhile, for many products of small matrices: more threads wait for each
    other at every product, and spin while the machine does something else as well."""
    return _find_blas().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


@cache
def _find_blas() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota(cgroup: Path) -> int:
    """Cores in the quota, rounded up: one file in version 2 of control groups, two in version 1."""
    for files in (["cpu.max"], ["cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"]):
        try:
            quota, period = " ".join((cgroup / file).read_text() for file in files).split()
            if quota not in ("max", "-1"):
                return math.ceil(int(quota) / int(period))
        except (OSError, ValueError):
            continue
    return os.cpu_count() or 1
