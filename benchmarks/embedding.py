"""Compares the embedding engine with encode of sentence-transformers, on the same texts and cores.

    python benchmarks/embedding.py speed ../shared/data/medquad_qa/corpus.jsonl
    python benchmarks/embedding.py budgets ../shared/data/medquad_qa/corpus.jsonl
    python benchmarks/embedding.py memory

`speed` lets both encode 1,024 passages in blocks of 256, in turn (sentence-transformers at the batch size that was
best on other passages), and reports how fast the machine would be with the model's matrix multiplications alone.
`budgets` tries token budgets for batches on passages and on their beginnings. `memory` streams 100,000 short texts
and prints the peak memory of the process.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

MODEL = "all-MiniLM-L6-v2"
BATCH_SIZES = (4, 8, 16, 32, 64)
BLOCK = 256
OTHERS = 64
"""Passages besides those measured, to find sentence-transformers' best batch size with."""

BUDGETS = (256, 512, 1024, 2048, 4096)
ROWS = 2048


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


def limit(model: Any) -> float:
    """Tokens a second, if the products of the model's linear layers were all there is to do, on all cores."""
    import torch

    seconds = 0.0
    with torch.inference_mode():
        for layer in (part for part in model.modules() if isinstance(part, torch.nn.Linear)):
            tokens = torch.randn(ROWS, layer.in_features)
            weights = layer.weight.T
            seconds += statistics.median(timed(tokens.matmul, weights)[0] for _ in range(9))
    return ROWS / seconds


def speed(corpus: Path, count: int, rounds: int) -> None:
    import numpy as np
    from sentence_transformers import SentenceTransformer

    from simsearch.embedding import Places, find_model, load_embedder
    from simsearch.settings import load_settings

    texts = passages(corpus, count + OTHERS)
    ours: Any = load_embedder(MODEL)
    theirs = SentenceTransformer(str(find_model(MODEL, Places.of(load_settings(Path())))), device="cpu")
    size = best_batch_size(theirs, texts[count:])
    texts = texts[:count]
    tokens = [len(ids) for ids in ours._tokenizer.rows(texts).rows]
    ways: dict[str, Callable[[list[str]], Any]] = {
        "simsearch": ours.encode,
        f"sentence-transformers at {size}": partial(theirs.encode, batch_size=size),
        "sentence-transformers at 32, its default": partial(theirs.encode, batch_size=32),
        "simsearch, int8": load_embedder(f"{MODEL}@int8").encode,
    }
    speeds: dict[str, list[float]] = {way: [] for way in ways}
    limits = []
    for start in [start for _ in range(rounds) for start in range(0, count, BLOCK)]:
        block, made = texts[start : start + BLOCK], []
        for way, encode in ways.items():
            took, vectors = timed(encode, block)
            speeds[way].append(sum(tokens[start : start + BLOCK]) / took)
            made.append(vectors)
        limits.append(limit(theirs))
        assert (made[0] * made[1]).sum(axis=1).min() / np.linalg.norm(made[1], axis=1).max() > 0.99999
    print(f"{count} passages, {sum(tokens)} tokens, {rounds} rounds; tokens/s (median, lowest, highest)")
    print(f"matrix products alone: {spread(limits)}")
    for way, figures in speeds.items():
        ratios = [a / b for a, b in zip(speeds["simsearch"], figures, strict=True)]
        print(f"{way}: {spread(figures)}; simsearch is quicker by {spread(ratios)}")


def spread(figures: list[float]) -> str:
    return " ".join(f"{figure:.4g}" for figure in (statistics.median(figures), min(figures), max(figures)))


def budgets(corpus: Path) -> None:
    from simsearch.embedding import load_embedder
    from simsearch.embedding.engine import OUTPUT, batches
    from simsearch.threads import allowed_threads, in_parallel

    embedder: Any = load_embedder(MODEL)
    whole = passages(corpus, 1024)
    for name, texts in {
        "passages": whole[:160],
        "450 characters": [text[:450] for text in whole[:320]],
        "80 characters": [text[:80] for text in whole],
    }.items():
        rows = embedder._tokenizer.rows(texts).rows
        lengths = [len(row) for row in rows]

        def run(batch: list[int], rows: Sequence[Sequence[int]] = rows) -> None:
            embedder._run([rows[i] for i in batch], OUTPUT)

        print(
            f"{name}: {sum(lengths) / len(rows):.0f} tokens each; tokens/s (median, lowest, highest) by budget"
        )
        speeds: dict[int, list[float]] = {budget: [] for budget in BUDGETS}
        for _ in range(5):
            for budget in BUDGETS:
                began = time.perf_counter()
                in_parallel(run, list(batches(lengths, budget)), allowed_threads())
                speeds[budget].append(sum(lengths) / (time.perf_counter() - began))
        for budget in BUDGETS:
            print(f"  {budget}: {spread(speeds[budget])}", flush=True)


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
    of_speed.add_argument("--rounds", type=int, default=3)
    commands.add_parser("budgets").add_argument("corpus", type=Path)
    commands.add_parser("memory").add_argument("--count", type=int, default=100_000)
    given = parser.parse_args()
    if given.command == "speed":
        speed(given.corpus, given.count, given.rounds)
    elif given.command == "budgets":
        budgets(given.corpus)
    else:
        memory(given.count)


if __name__ == "__main__":
    main()
