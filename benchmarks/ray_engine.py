"""A Ray cluster of two nodes on this machine against the local engine: the same folder indexed by both, in turn.

    python benchmarks/ray_engine.py FOLDER --files 600 --rounds 3

FOLDER is a folder of documents; `--files` takes every nth file, always the same ones. Times are wall times of
`simsearch index` in a process of its own, with the start of its workers; the cluster is there before. Both engines use
all cores: the local one with threads, the cluster with a worker for each. The indexes are compared.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.soon import run_whole, sample
from simsearch import Workspace

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def running_cluster() -> Iterator[str]:
    """The address of a cluster of two nodes."""
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # More logical cores than workers, so that nothing waits for a place.
    node = {"num_cpus": CORES + 1, "object_store_memory": 256 << 20, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    try:
        cluster.add_node(**node)
        yield cluster.address
    finally:
        cluster.shutdown()


def differences(one: Path, other: Path) -> tuple[int, int, float]:
    """Chunks of an index, those that another one doesn't have, and the largest difference of a value of a vector."""
    held = []
    for folder in (one, other):
        with closing(Workspace(folder).store.read()) as snapshot:
            chunks = {(chunk.path, chunk.start, chunk.text) for chunk in snapshot.every_chunk()}
            keys = sorted(
                {
                    key
                    for path in snapshot.files()
                    for document in snapshot.chunked(path)
                    for key in document.keys
                }
            )
            held.append((chunks, keys, snapshot.vectors(keys)))
    (chunks, keys, vectors), (others, other_keys, other_vectors) = held
    assert keys == other_keys, "the indexes hold different strings"
    return len(chunks), len(chunks ^ others), float(np.abs(vectors - other_vectors).max())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=0, help="how many files to take; 0 takes all")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_cluster() as address:
        place, times = Path(folder), []
        sample(arguments.folder, arguments.files, place / "docs")
        for turn in range(arguments.rounds):
            engines = {"local": "local", "ray": f"ray:address={address},workers={CORES}"}
            names = list(engines) if turn % 2 == 0 else list(engines)[::-1]
            took = {
                name: run_whole(
                    Path(sys.executable), place / f"{name}{turn}", place / "docs", "--engine", engines[name]
                )
                for name in names
            }
            times.append(took)
            chunks, missing, apart = differences(place / f"local{turn}", place / f"ray{turn}")
            print(
                f"round {turn + 1}: local {took['local']:.1f} s, ray {took['ray']:.1f} s; {chunks} chunks, "
                f"{missing} different, vectors differ by {apart:.1e} at most",
                flush=True,
            )
        ratios = [took["ray"] / took["local"] for took in times]
        print(f"ray / local: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
