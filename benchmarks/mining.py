"""Measures peak memory and CPU seconds of mining hard negatives for all pairs of tldr_pairs.

    python benchmarks/mining.py

The base model is loaded and embeds a thousand texts. The searched vectors are random, so that only the mining is
measured: twice 22,311 vectors, and the search for a hundred neighbours of each.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

PAIRS = Path(__file__).parent.parent.parent / "shared" / "data" / "tldr_pairs" / "train.pairs.jsonl"


class RandomVectors:
    """An embedder of unit vectors that mean nothing."""

    def encode(self, texts: Sequence[str], role: str = "document") -> Any:
        vectors = np.random.default_rng(len(texts)).standard_normal((len(texts), 384), dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    from simsearch import MiningData, Pair
    from simsearch.embedding import load_embedder
    from simsearch.plugins.registry import Registry
    from simsearch.storage.dense.exact import search_exact

    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    pairs = [Pair(row["anchor"], row["positive"]) for row in rows]
    load_embedder("all-MiniLM-L6-v2").encode([pair.positive for pair in pairs[:1000]])
    before, began = megabytes(), time.process_time()
    vectors: Any = RandomVectors()
    miner = Registry.load(()).negative_miner("mined").value
    miner(pairs, MiningData(vectors, lambda name: vectors, search_exact), np.random.default_rng(0))
    print(
        f"{len(pairs)} pairs: {before:.0f} MB before, {megabytes():.0f} MB at most, "
        f"{time.process_time() - began:.0f} CPU seconds"
    )


if __name__ == "__main__":
    main()
