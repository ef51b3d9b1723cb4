"""How long reading and cutting real folders takes against embedding the chunks, in one process.

    python benchmarks/reading.py --rounds 3

Everything is read and cut in each round. Of the chunks a random sample is embedded, and its time brought up to all of
them by tokens; embedding everything takes a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from simsearch.embedding import load_embedder
from simsearch.indexing import Wishes
from simsearch.indexing.changes import Candidate, scan
from simsearch.indexing.reading import Readers
from simsearch.indexing.roots import find_roots
from simsearch.registry import Registry
from simsearch.settings import DEFAULT_MODEL
from simsearch.types import Document

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
TREES = ("docs_tree/peps", "docs_tree/postgresql")


T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=400, help="chunks to embed in each round")
    parser.add_argument("--files", type=int, help="only so many files of each tree")
    parser.add_argument("--chunker", default="structure")
    words = parser.parse_args()
    registry, embedder = Registry.load(only=()), load_embedder(DEFAULT_MODEL)
    embedder.encode(["a warm-up"])
    chunker = registry.chunker(words.chunker).value
    print(
        "| tree | files | chunks | read s | cut s | embed s, extrapolated | embedding / (reading + cutting) |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for tree in TREES:
        found = scan(find_roots([DATA / tree], DATA, ()), DATA, Wishes()).files[: words.files]
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
