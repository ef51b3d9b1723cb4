"""A real Ray cluster of two nodes on this machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator

import pytest
import ray
from ray.cluster_utils import Cluster

from tests.support.ray_workspaces import RunningCluster

CORES = 2
"""Of each node: two more than the workers, which also start while others end."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """A cluster to which this process is connected."""
    folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # paths of sockets must be short
    node = {"num_cpus": CORES, "object_store_memory": 80 << 20, "include_dashboard": False}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        # Not the head node's temp_dir: the cluster also writes its address into the default folder, without making it.
        patch.setenv("RAY_TMPDIR", folder)
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("configuration")))
        running = Cluster(initialize_head=True, head_node_args=node)
        try:
            running.add_node(**node)
            ray.init(running.address, log_to_driver=False, logging_level="ERROR", configure_logging=False)
            yield RunningCluster(running.address)
        finally:
            ray.shutdown()
            running.shutdown()
            shutil.rmtree(folder, ignore_errors=True)
