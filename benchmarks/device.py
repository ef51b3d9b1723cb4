"""How fast every device of this machine embeds and tunes, as a table.

    python benchmarks/device.py DATA/medquad_qa/corpus.jsonl DATA/nl2bash/train.pairs.jsonl

Embedding is what `index` does with many texts: onnxruntime on the CPU, torch in half precision on a GPU, in calls of
as many texts as `index` makes. Tuning is one epoch of the plan that `tune` makes for the pairs, with nothing judged;
the first steps, in which a device warms up, don't count. Each figure is the median over some rounds or steps, with the
lowest and the highest.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from simsearch.devices import Device, find_devices
from simsearch.embedding import Places, find_model, load_embedder
from simsearch.embedding.moving import SAMPLE, move
from simsearch.indexing.embedding import BLOCK
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings, load_settings
from simsearch.tuning.plan import make_plan
from simsearch.types import Embedder, Event, Pair, Progress

WARMING = 3
"""Steps of training that don't count."""


def embedding(device: Device, on_cpu: Embedder, folder: Path, texts: Sequence[str], rounds: int) -> list[str]:
    """Cells: precision, lowest cosine with the CPU's vectors, tokens per second."""
    embedder, precision, cosine = on_cpu, "float32 (onnxruntime)", ""
    if device != "cpu":
        moved, lowest = move(on_cpu, folder, device, texts[:SAMPLE])
        embedder, precision, cosine = moved, moved.precision, f"{lowest:.5f}"
    tokens = sum(on_cpu.tokens.count(texts))
    rates = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        for first in range(0, len(texts), BLOCK):
            embedder.encode(texts[first : first + BLOCK])
        rates.append(tokens / (time.perf_counter() - began))
    return [precision, cosine, spread(rates[1:])]


def tuning(device: Device, folder: Path, pairs: Sequence[Pair]) -> list[str]:
    """Cells: precision, pairs per second."""
    from simsearch.tuning.training.train import train
    from simsearch.tuning.training.trainer import trains_in_bf16

    registry, moments = Registry.load(only=()), []

    def observe(event: Event) -> None:
        if isinstance(event, Progress):
            moments.append(time.perf_counter())

    plan = make_plan(TuneSettings(epochs=1), pairs, registry)
    with tempfile.TemporaryDirectory() as scratch:
        train(
            folder, pairs, None, plan, None,
            seed=0, scratch=Path(scratch), device=device, registry=registry, observe=observe,
        )  # fmt: skip
    rates = [plan.batch_size / (after - before) for before, after in pairwise(moments[WARMING:-1])]
    return ["bfloat16 (autocast)" if trains_in_bf16(device) else "float32", spread(rates)]


def spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def rows(asked: argparse.Namespace) -> Iterator[list[str]]:
    texts = [text for line in asked.corpus.open() if (text := json.loads(line)["text"])][: asked.texts]
    read = map(json.loads, asked.pairs.read_text(encoding="utf-8").splitlines()[: asked.rows])
    pairs = [Pair(row["anchor"], row["positive"]) for row in read]
    on_cpu = load_embedder(asked.model)
    folder = find_model(asked.model, Places.of(load_settings(Path.cwd())))
    yield ["device", "embeds in", "lowest cosine", "tokens/s", "trains in", "pairs/s"]
    yield ["---"] * 6
    found = find_devices()
    for device in reversed(found.devices):
        name = f"{device} ({', '.join(found.cuda)})" if device == "cuda" else device
        yield [name, *embedding(device, on_cpu, folder, texts, asked.rounds), *tuning(device, folder, pairs)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help=".jsonl with a text in each row")
    parser.add_argument("pairs", type=Path, help=".jsonl with anchor and positive in each row")
    parser.add_argument("--model", default="all-MiniLM-L6-v2")
    parser.add_argument("--texts", type=int, default=512, help="texts to embed in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=640, help="pairs to train on")
    for row in rows(parser.parse_args()):
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
