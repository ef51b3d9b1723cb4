"""Measures the whole command `index` when nothing or one file has changed.

    python benchmarks/incremental.py                 on ../shared/data/docs_tree, as Markdown
    python benchmarks/incremental.py FOLDER --runs 9

The initial index has the name, tokenizer and fingerprint of the real model but random vectors, so it is built in
seconds instead of half an hour. The measured commands use the real model.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).parent.parent
DOCS = PROJECT.parent / "shared" / "data" / "docs_tree"
MODEL = "all-MiniLM-L6-v2"


class RandomVectors:
    """The real model, but for its vectors."""

    def __init__(self, model: Any) -> None:
        self.name, self.fingerprint, self.dimension = model.name, model.fingerprint, model.dimension
        self.tokens, self.truncation = model.tokens, model.truncation

    def encode(self, texts: Sequence[str], role: str = "document") -> Any:
        seed = hashlib.sha256("".join(texts).encode()).digest()[:8]
        vectors = np.random.default_rng(int.from_bytes(seed, "little")).standard_normal(
            (len(texts), self.dimension), np.float32
        )
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make_index(workspace: Path, docs: Path) -> None:
    """The index to start from."""
    from simsearch import Workspace
    from simsearch.indexing import Model, index
    from simsearch.workspace.indexing import open_worker

    opened = Workspace(workspace)
    real = opened.models.load(MODEL, False)
    report = index(
        [docs],
        workspace_folder=opened.folder,
        store=opened.store,
        model=Model(MODEL, lambda: real.fingerprint, lambda: RandomVectors(real)),
        chunker=opened.registry.chunker("structure"),
        engine=opened.registry.engine("local"),
        open_worker=partial(open_worker, opened.folder, opened.settings, MODEL),
        registry=opened.registry,
    )
    print(f"{report.added} files, {report.chunks} chunks", file=sys.stderr)


def measure(workspace: Path, docs: Path, prepare: Callable[[int], None], runs: int) -> list[float]:
    """Seconds of each run of the command."""
    times = []
    for run in range(runs):
        prepare(run)
        began = time.perf_counter()
        words = ["index", str(docs), "--workspace", str(workspace), "--format", "json"]
        done = subprocess.run(
            [sys.executable, "-m", "simsearch", *words], capture_output=True, cwd=PROJECT, env=compiled()
        )
        times.append(time.perf_counter() - began)
        assert done.returncode == 0, done.stderr.decode()
    return times


def compiled() -> dict[str, str]:
    """An environment whose modules are kept compiled, as those of an installed package are."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def change_one(docs: Path) -> Callable[[int], None]:
    files = sorted(path for path in docs.rglob("*.rst") if path.stat().st_size < 30_000)

    def change(run: int) -> None:
        with files[run * 7].open("a") as file:
            file.write(f"\nOne more sentence, number {run} at {time.time_ns()}.\n")

    return change


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DOCS)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--keep", type=Path, help="a workspace to make, or to use where it is there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        workspace = given.keep or Path(temporary)
        docs = workspace / "docs"
        if not docs.exists():
            shutil.copytree(given.folder, docs)
            make_index(workspace, docs)
        print("| run | median s | fastest | slowest |\n| --- | --- | --- | --- |")
        for name, prepare in (("nothing changed", lambda _: None), ("one file changed", change_one(docs))):
            measure(workspace, docs, lambda _: None, 1)
            times = measure(workspace, docs, prepare, given.runs)
            print(f"| {name} | {statistics.median(times):.2f} | {min(times):.2f} | {max(times):.2f} |")


if __name__ == "__main__":
    main()
