"""Tuning against the stock sentence-transformers trainer with the same plan, on the same machine, in turn.

    python benchmarks/tuning.py --runs 3                    the whole table, as Markdown
    python benchmarks/tuning.py --only nl2bash:640 --runs 1

Each run is a process of its own, so that its peak memory is its own. Both ways train on the same pairs in the same
order and are judged by the same code; they differ only in how a batch goes through the model.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
SETS = {
    "nl2bash:640": ("nl2bash/train.pairs.jsonl", "nl2bash/test.pairs.jsonl"),
    "nl2bash:2048": ("nl2bash/train.pairs.jsonl", "nl2bash/test.pairs.jsonl"),
    "tldr_pairs:2048": ("tldr_pairs/train.pairs.jsonl", "tldr_pairs/test.pairs.jsonl"),
    "medquad_qa:1024": ("medquad_qa/train.pairs.jsonl", "medquad_qa/test.pairs.jsonl"),
    "banking77:2048": ("banking77/train.pairs.jsonl", "banking77/dev.pairs.jsonl"),
    "covid_faq:488": ("covid_faq/pairs.jsonl", None),
}
WAYS = ("stock", "simsearch")


@dataclass(frozen=True)
class Measured:
    """One run."""

    base: float
    gain: float
    low: float
    high: float
    seconds: float
    megabytes: float


def measure(name: str, way: str, epochs: int, seed: int) -> Measured:
    """Train and judge in this process."""
    from simsearch.embedding import find_model
    from simsearch.registry import Registry
    from simsearch.settings import TuneSettings, load_settings
    from simsearch.tuning import training
    from simsearch.tuning.judging import gain_interval, judge, questions_of
    from simsearch.tuning.ledger import TestLedger
    from simsearch.tuning.preparing import prepare

    train_file, test_file = SETS[name]
    registry, settings = Registry.load(), load_settings(Path())
    wishes = TuneSettings(limit=int(name.split(":")[1]), epochs=epochs, seed=seed)
    with tempfile.TemporaryDirectory() as scratch:
        prepared = prepare(
            [DATA / train_file],
            DATA / test_file if test_file else None,
            wishes,
            registry,
            TestLedger(Path(scratch) / "tested.json"),
        )
        if way == "stock":
            training.packed = lambda model: contextlib.nullcontext()  # type: ignore[assignment]
        folder = find_model(wishes.base, settings=settings)
        began = time.perf_counter()
        trained = training.train(
            folder,
            prepared.train,
            prepared.negative_scores,
            prepared.plan,
            questions_of(prepared.parts.dev) if prepared.parts.dev else None,
            seed=seed,
            scratch=Path(scratch),
            threads=settings.threads,
            registry=registry,
            observe=lambda event: None,
        )
        seconds = time.perf_counter() - began
    questions = questions_of(prepared.parts.test)
    base = training.load_for_training(folder)
    before, after = (
        judge(
            lambda texts, role, model=model: model.encode(  # type: ignore[misc]
                list(texts), normalize_embeddings=True, show_progress_bar=False
            ),
            questions,
        )
        for model in (base, trained.model)
    )
    low, high = gain_interval(before, after, seed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(before.mean(), after.mean() - before.mean(), low, high, seconds, peak)


def in_a_process(name: str, way: str, epochs: int, seed: int) -> Measured:
    words = [sys.executable, __file__, "--measure", name, way, str(epochs), str(seed)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def table(names: list[str], runs: int, epochs: int) -> None:
    """Interleave the two ways and print medians with their spread."""
    print(
        "| set | base | stock gain | simsearch gain [95 %] | stock s | simsearch s | ratio | stock MB | simsearch MB |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        measured: dict[str, list[Measured]] = {way: [] for way in WAYS}
        for seed in range(runs):
            for way in WAYS:
                measured[way].append(in_a_process(name, way, epochs, seed))
        stock, ours = (measured[way] for way in WAYS)
        ratios = [a.seconds / b.seconds for a, b in zip(ours, stock, strict=True)]
        middle = {way: statistics.median(m.seconds for m in measured[way]) for way in WAYS}
        print(
            f"| {name} | {stock[0].base:.3f} | {statistics.mean(m.gain for m in stock):+.3f} "
            f"| {statistics.mean(m.gain for m in ours):+.3f} [{ours[0].low:+.3f}, {ours[0].high:+.3f}] "
            f"| {middle['stock']:.0f} | {middle['simsearch']:.0f} "
            f"| {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) "
            f"| {max(m.megabytes for m in stock):.0f} | {max(m.megabytes for m in ours):.0f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=SETS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.measure:
        name, way, epochs, seed = words.measure
        print(json.dumps(asdict(measure(name, way, int(epochs), int(seed)))))
    else:
        table(words.only or list(SETS), words.runs, words.epochs)


if __name__ == "__main__":
    main()
