"""Tuning in one process and in several, as torchrun starts them: the gain, and how long it takes.

    python benchmarks/processes.py DATA/nl2bash --keep FILE                      the whole table, as Markdown
    python benchmarks/processes.py DATA/nl2bash --keep FILE --seed 1 --count 2   one run more for the table

Each run is `simsearch tune` in a workspace of its own: 640 pairs, one epoch, judged on the test set.
Runs that FILE holds already are not repeated. `--pairs` and `--epochs` make it smaller, to try it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ONE = [sys.executable, "-m"]


def launcher(count: int) -> list[str]:
    """What starts a module in that many processes."""
    return ONE if count == 1 else [*ONE, "torch.distributed.run", "--nproc-per-node", str(count), "-m"]


def tune(data: Path, count: int, seed: int, pairs: int, epochs: int) -> dict[str, Any]:
    """One run: its gain in nDCG@10, the seconds it took, and the gain's interval."""
    with tempfile.TemporaryDirectory() as folder:
        files = [str(data / "train.pairs.jsonl"), "--test", str(data / "test.pairs.jsonl")]
        numbers = ["--limit", str(pairs), "--epochs", str(epochs), "--seed", str(seed)]
        options = ["--workspace", folder, "--promote", "never", "--device", "cpu", "--format", "json"]
        words = [*launcher(count), "simsearch", "tune", *files, *numbers, *options]
        done = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True)
    report = json.loads(done.stdout)
    return {
        "count": report["processes"],
        "seed": seed,
        "base": report["base"]["nDCG@10"],
        "gain": report["gain"]["nDCG@10"],
        "interval": report["interval"],
        "steps": report["steps"],
        "seconds": report["seconds"],
    }


def table(runs: list[dict[str, Any]]) -> Iterator[str]:
    """A row for each number of processes."""
    seeds = sorted({run["seed"] for run in runs})
    yield f"| processes | {' | '.join(f'gain, seed {seed}' for seed in seeds)} | mean gain | steps | seconds |"
    yield "| --- " * (len(seeds) + 4) + "|"
    for count in sorted({run["count"] for run in runs}):
        own = {run["seed"]: run for run in runs if run["count"] == count}
        gains = [f"{own[seed]['gain']:+.4f}" if seed in own else "" for seed in seeds]
        mean = statistics.mean(run["gain"] for run in own.values())
        seconds = statistics.median(run["seconds"] for run in own.values())
        steps = statistics.median(run["steps"] for run in own.values())
        yield f"| {count} | {' | '.join(gains)} | {mean:+.4f} | {steps:.0f} | {seconds:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with train.pairs.jsonl and test.pairs.jsonl")
    parser.add_argument("--keep", type=Path, required=True, help="file that keeps the runs")
    parser.add_argument("--seed", type=int, action="append", help="by default 0, 1 and 2")
    parser.add_argument("--count", type=int, action="append", help="processes; by default 1 and 2")
    parser.add_argument("--pairs", type=int, default=640)
    parser.add_argument("--epochs", type=int, default=1)
    asked = parser.parse_args()
    runs = [json.loads(line) for line in asked.keep.read_text().splitlines()] if asked.keep.exists() else []
    for seed in asked.seed or range(3):
        for count in asked.count or (1, 2):
            if not any((run["count"], run["seed"]) == (count, seed) for run in runs):
                runs.append(tune(asked.data, count, seed, asked.pairs, asked.epochs))
                asked.keep.write_text("".join(f"{json.dumps(run)}\n" for run in runs))
    print("\n".join(table(runs)))


if __name__ == "__main__":
    main()
