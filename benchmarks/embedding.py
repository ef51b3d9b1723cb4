"""The embedding engine beside sentence-transformers' own encode, on the same texts and cores.

    python benchmarks/embedding.py speed ../shared/data/medquad_qa/corpus.jsonl
    python benchmarks/embedding.py memory

`speed` takes 1,024 passages in blocks of 128, each block by both in turn, sentence-transformers at the batch size that
was its best on another block. `memory` streams 100,000 short texts and prints the peak of the process.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

MODEL = "all-MiniLM-L6-v2"
BATCH_SIZES = (8, 16, 32, 64)
BLOCK = 128


def passages(corpus: Path, count: int) -> list[str]:
    rows = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()[:count]]
    return [f"{row.get('title') or ''} {row['text']}".strip() for row in rows]


def timed(encode: Callable[[list[str]], Any], texts: list[str]) -> tuple[float, Any]:
    """Seconds, and what was made."""
    began = time.perf_counter()
    made = encode(texts)
    return time.perf_counter() - began, made


def best_batch_size(model: Any, texts: list[str]) -> int:
    model.encode(texts[:8])  # what happens once
    times = {size: timed(partial(model.encode, batch_size=size), texts)[0] for size in BATCH_SIZES}
    print("sentence-transformers, seconds by batch size:", {size: round(t, 2) for size, t in times.items()})
    return min(times, key=lambda size: times[size])


def speed(corpus: Path, count: int) -> None:
    import numpy as np
    from sentence_transformers import SentenceTransformer

    from simsearch.embedding import find_model, load_embedder
    from simsearch.settings import load_settings

    texts = passages(corpus, count + BLOCK)
    ours: Any = load_embedder(MODEL)
    theirs = SentenceTransformer(str(find_model(MODEL, settings=load_settings(Path()))), device="cpu")
    size = best_batch_size(theirs, texts[count : count + BLOCK // 2])
    ours.encode(texts[:8])
    ratios, total = [], [0.0, 0.0]
    for start in range(0, count, BLOCK):
        block = texts[start : start + BLOCK]
        here, ours_made = timed(ours.encode, block)
        there, theirs_made = timed(partial(theirs.encode, batch_size=size), block)
        cosines = (ours_made * theirs_made).sum(axis=1) / np.linalg.norm(theirs_made, axis=1)
        assert cosines.min() > 0.99999
        ratios.append(there / here)
        total = [total[0] + here, total[1] + there]
    tokens = sum(min(len(ids), 256) for ids in ours._tokenizer.rows(texts[:count]).rows)
    print(f"{count} passages, {tokens} tokens; sentence-transformers at batch size {size}")
    print(
        f"simsearch {tokens / total[0]:.0f} tokens/s, sentence-transformers {tokens / total[1]:.0f} tokens/s"
    )
    print(
        f"ratio {total[1] / total[0]:.2f}, by block: median {statistics.median(ratios):.2f}, "
        f"{min(ratios):.2f} to {max(ratios):.2f}"
    )


def memory(count: int) -> None:
    import resource

    from simsearch.embedding import load_embedder

    def texts() -> Iterator[str]:
        for i in range(count):
            yield f"list files of folder {i}"

    embedder, done = load_embedder(MODEL), 0
    began = time.perf_counter()
    for block in embedder.stream(texts()):
        done += len(block)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{done} texts, {done / took:.0f} texts/s, peak {peak:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    of_speed = commands.add_parser("speed")
    of_speed.add_argument("corpus", type=Path)
    of_speed.add_argument("--count", type=int, default=1024)
    commands.add_parser("memory").add_argument("--count", type=int, default=100_000)
    given = parser.parse_args()
    if given.command == "speed":
        speed(given.corpus, given.count)
    else:
        memory(given.count)


if __name__ == "__main__":
    main()
