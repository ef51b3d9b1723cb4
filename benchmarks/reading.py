"""Compares the time of reading and cutting real folders with the time of embedding the chunks, in one process.

    python benchmarks/reading.py --rounds 3
    python benchmarks/reading.py --busy --files 40

Everything is read and cut in each round. A random sample of the chunks is embedded, and its time scaled by tokens,
because embedding everything takes a quarter of an hour on two cores. `--busy` indexes files from scratch and reports
the share of the time in which the embedder was working.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from simsearch.embedding import load_embedder
from simsearch.indexing import FileFilter, Model, index
from simsearch.indexing.changes import Candidate, scan
from simsearch.indexing.reading import Readers
from simsearch.indexing.roots import find_roots
from simsearch.plugins.registry import Registry
from simsearch.settings import DEFAULT_MODEL, Settings
from simsearch.storage import open_store
from simsearch.types import Document
from simsearch.workspace.indexing import open_worker

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
TREES = ("docs_tree/peps", "docs_tree/postgresql")


T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def busy(tree: str, limit: int | None) -> str:
    """A row: how long indexing took, and how long of that the embedder worked."""
    embedder: Any = load_embedder(DEFAULT_MODEL)
    embedder.encode(["a warm-up"])
    registry, encode, spent = Registry.load(only=()), embedder.encode, [0.0]

    def clocked(*words: Any) -> Any:
        vectors, seconds = timed(lambda: encode(*words))
        spent[0] += seconds
        return vectors

    embedder.encode = clocked
    with tempfile.TemporaryDirectory() as scratch:
        report, seconds = timed(
            lambda: index(
                [candidate.file for candidate in _found(tree)[:limit]],
                workspace_folder=Path(scratch),
                store=open_store(Path(scratch) / ".simsearch", observe=lambda event: None),
                model=Model(embedder.name, lambda: embedder.fingerprint, lambda: embedder),
                chunker=registry.chunker("structure"),
                engine=registry.engine("local"),
                open_worker=partial(open_worker, Path(scratch), Settings(), embedder.name),
                registry=registry,
            )
        )
    return f"| {tree} | {report.added} | {report.chunks} | {seconds:.1f} | {spent[0] / seconds:.1%} |"


def _found(tree: str) -> tuple[Candidate, ...]:
    return scan(find_roots([DATA / tree], DATA, ()), DATA, FileFilter()).files


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=400, help="chunks to embed in each round")
    parser.add_argument("--files", type=int, help="the most files to take of each tree")
    parser.add_argument("--chunker", default="structure")
    parser.add_argument("--busy", action="store_true")
    words = parser.parse_args()
    if words.busy:
        print("| tree | files | chunks | seconds | embedder at work |\n| --- | --- | --- | --- | --- |")
        for tree in TREES:
            print(busy(tree, words.files), flush=True)
        return
    registry, embedder = Registry.load(only=()), load_embedder(DEFAULT_MODEL)
    embedder.encode(["a warm-up"])
    chunker = registry.chunker(words.chunker).value
    print(
        "| tree | files | chunks | read s | cut s | embed s, extrapolated | embedding / (reading + cutting) |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for tree in TREES:
        found = _found(tree)[: words.files]
        rows = []
        for seed in range(words.rounds):
            documents, read = timed(lambda found=found: _read(found, registry))  # type: ignore[misc]
            strings, cut = timed(
                lambda documents=documents: [  # type: ignore[misc]
                    chunk.embedded(document)
                    for document in documents
                    for chunk in chunker(document, embedder.tokens)
                ]
            )
            sample = random.Random(seed).sample(strings, min(words.sample, len(strings)))
            _, spent = timed(lambda sample=sample: embedder.encode(sample))  # type: ignore[misc]
            tokens = sum(embedder.tokens.count(strings)) / sum(embedder.tokens.count(sample))
            rows.append((read, cut, spent * tokens, len(strings)))
        ratios = sorted(embed / (read + cut) for read, cut, embed, _ in rows)
        read, cut, embed = (statistics.median(row[column] for row in rows) for column in range(3))
        print(
            f"| {tree} | {len(found)} | {rows[0][3]} | {read:.1f} | {cut:.1f} | {embed:.0f} "
            f"| {statistics.median(ratios):.0f} ({ratios[0]:.0f} to {ratios[-1]:.0f}) |",
            flush=True,
        )


def _read(files: tuple[Candidate, ...], registry: Registry) -> list[Document]:
    readers = Readers(registry)
    return [document for candidate in files for document in readers.read(candidate)[1]]


if __name__ == "__main__":
    main()
