"""How many threads to compute with: the cores that this process may really use."""

from __future__ import annotations

import math
import os
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def allowed_threads(wanted: int = 0, cgroup: Path = CGROUP) -> int:
    """The wanted number, or as many as affinity and the control group's quota allow.

    Args:
        wanted: From the settings; 0 leaves it to the machine.
        cgroup: Where the control group's limits can be read on Linux.
    """
    return wanted or max(1, min(_affinity(), _quota(cgroup)))


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota(cgroup: Path) -> int:
    """Cores by the quota, rounded up: version 2 in one file, version 1 in two."""
    for files in (["cpu.max"], ["cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"]):
        try:
            quota, period = " ".join((cgroup / file).read_text() for file in files).split()
            if quota not in ("max", "-1"):
                return math.ceil(int(quota) / int(period))
        except (OSError, ValueError):
            continue
    return os.cpu_count() or 1
