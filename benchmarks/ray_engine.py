"""A Ray cluster of two nodes on this machine against the local engine: the same folder indexed by both, in turn.

    python benchmarks/ray_engine.py FOLDER --files 600 --rounds 3
    python benchmarks/ray_engine.py FOLDER --files 300 --narrow       what the engines cost besides embedding

FOLDER is a folder of documents; `--files` takes every nth file, always the same ones. Times are wall times of
`simsearch index` in a process of its own, with the start of its workers; the cluster is there before. Both engines use
all cores: the local one with threads, the cluster with a worker for each. Processor times are those of all processes of
a run, with the cluster's own for Ray; on a busy machine they say more than wall times. The indexes are compared: their
chunks, vectors, and hits for the first characters of some documents. `--narrow` embeds with a model that has the
tokenizer and the dimensions of the default one, but one narrow layer with random weights.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.soon import run_whole, sample
from simsearch import Workspace

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
QUESTIONS = 50
LOOK = 0.5
"""Seconds between two looks at processes; what they did since the last one before their end is not counted."""


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


def narrow_model(folder: Path) -> Path:
    """A model that embeds in a small part of the default one's time."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import AutoConfig, AutoTokenizer, BertModel

    from simsearch.embedding import Places, find_model, load_embedder
    from simsearch.settings import load_settings

    torch.manual_seed(0)
    default = find_model("all-MiniLM-L6-v2", Places.of(load_settings(folder)))
    config = AutoConfig.from_pretrained(default, num_hidden_layers=1, intermediate_size=64)
    BertModel(config).save_pretrained(folder / "raw")
    AutoTokenizer.from_pretrained(default).save_pretrained(folder / "raw")
    modules = [Transformer(str(folder / "raw"), max_seq_length=256), Pooling(384), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(str(folder / "narrow"))
    load_embedder(str(folder / "narrow"))  # exports it, so that neither engine has to
    return folder / "narrow"


def differences(one: Path, other: Path) -> tuple[int, int, float, float]:
    """Chunks of an index, those that another one doesn't have, the largest difference of a number of a stored vector,
    and the share of numbers that differ."""
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
    apart = np.abs(vectors - other_vectors)
    return len(chunks), len(chunks ^ others), float(apart.max()), float((apart > 0).mean())


def hits_that_differ(one: Path, other: Path) -> int:
    """How many of some questions have other chunks among their ten best, or in another order."""
    with closing(Workspace(one).store.read()) as snapshot:
        paths = list(snapshot.files())
        every = paths[:: max(1, len(paths) // QUESTIONS)][:QUESTIONS]
        texts = [document.text[:80] for path in every for document in snapshot.documents(path)[:1]]
    found = []
    for folder in (one, other):
        with Workspace(folder).open_searcher() as searcher:
            found.append([[(hit.id, hit.text) for hit in searcher.ask(text).hits] for text in texts])
    return sum(mine != theirs for mine, theirs in zip(*found, strict=True))


class ProcessorTime:
    """The seconds of processor time of all processes below this one, while it is entered.

    Args:
        new_only: Leave out processes that were there before.
    """

    def __init__(self, new_only: bool) -> None:
        self._new_only = new_only
        self._left = threading.Event()
        self._watch = threading.Thread(target=self._look)
        self.seconds = 0.0

    def __enter__(self) -> ProcessorTime:
        self._before = _processor_times()
        self._seen = dict(self._before)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._watch.join()
        self.seconds = sum(
            now - self._before.get(process, 0)
            for process, now in self._seen.items()
            if not (self._new_only and process in self._before)
        )

    def _look(self) -> None:
        while not self._left.wait(LOOK):
            self._seen |= _processor_times()


def _processor_times() -> dict[psutil.Process, float]:
    found = {}
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found[process] = times.user + times.system
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=0, help="how many files to take; 0 takes all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--narrow", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_cluster() as address:
        place, times = Path(folder), []
        sample(arguments.folder, arguments.files, place / "docs")
        more = ["--model", str(narrow_model(place))] if arguments.narrow else []
        for turn in range(arguments.rounds):
            engines = {"local": "local", "ray": f"ray:address={address},workers={CORES}"}
            names = list(engines) if turn % 2 == 0 else list(engines)[::-1]
            took, busy = {}, {}
            for name in names:
                with ProcessorTime(new_only=name == "local") as processor:
                    took[name] = run_whole(
                        Path(sys.executable),
                        place / f"{name}{turn}",
                        place / "docs",
                        "--engine",
                        engines[name],
                        *more,
                    )
                busy[name] = processor.seconds
            times.append((took, busy))
            folders = place / f"local{turn}", place / f"ray{turn}"
            chunks, missing, apart, share = differences(*folders)
            print(
                f"round {turn + 1}: local {took['local']:.1f} s (processor {busy['local']:.1f} s), "
                f"ray {took['ray']:.1f} s ({busy['ray']:.1f} s); {chunks} chunks, {missing} different, "
                f"stored vectors differ in {share:.2%} of their numbers by {apart:.1e} at most, "
                f"hits of {hits_that_differ(*folders)} questions differ",
                flush=True,
            )
        for what, spent in zip(("ray / local", "processor time"), zip(*times, strict=True), strict=True):
            ratios = [taken["ray"] / taken["local"] for taken in spent]
            print(f"{what}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
