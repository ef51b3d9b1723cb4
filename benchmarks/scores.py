"""Measures what score generators gain, with a loss that reads scores and with one that doesn't.

    python benchmarks/scores.py                     the table of docs/scores.md, as Markdown
    python benchmarks/scores.py --only covid_faq

Needs the plugin simsearch-teacher. Every row is one run of `tune` from the same base model on the same rows with the
same seed, judged on the same rows that no run has seen. The files' own scores decide what is right in the test
set, whichever generator was used for training.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
CLASSIC = "random:mean=0.9,scaling=20"
TEACHER = "teacher:model=all-MiniLM-L6-v2"
RUNS = {
    "covid_faq": [
        *(("multiple-negatives", scores) for scores in ("given", CLASSIC, "constant", "lexical", TEACHER)),
        *(("cosent", scores) for scores in ("given", CLASSIC, "constant", "lexical", TEACHER)),
        ("online-contrastive", "given"),
    ],
    "nl2bash": [
        *(("multiple-negatives", scores) for scores in (None, CLASSIC, "constant", "lexical", TEACHER)),
        *(("cosent", scores) for scores in ("given", CLASSIC, "constant", "lexical", TEACHER)),
    ],
}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Files:
    """Rows to train on, and rows to judge by."""

    train: Path
    test: Path


def covid_faq(folder: Path) -> Files:
    """Three in ten FAQ entries and what was asked for them judge; the rest trains."""
    from simsearch.near_duplicates import normalise
    from simsearch.plugins.registry import Registry
    from simsearch.tuning.pairs.parts import checked_split
    from simsearch.tuning.pairs.reading import read_pairs

    source = DATA / "covid_faq" / "pairs.jsonl"
    registry = Registry.load(())
    pairs = read_pairs([source], registry)
    split = checked_split(pairs, registry.splitter("grouped:test=0.3,dev=0"), np.random.default_rng(0))
    tested = {normalise(pairs[row].positive) for row in split.test}
    rows = read(source)
    return write(
        folder,
        [row for row in rows if normalise(row["positive"]) not in tested],
        [row for row in rows if normalise(row["positive"]) in tested],
    )


def nl2bash(folder: Path) -> Files:
    """320 requests for a command train; every third of the file's own test rows, split by command, judges."""
    rows = read(DATA / "nl2bash" / "train.pairs.jsonl")
    drawn = np.sort(np.random.default_rng(0).choice(len(rows), 320, replace=False))
    return write(folder, [rows[row] for row in drawn], read(DATA / "nl2bash" / "test.pairs.jsonl")[::3])


def measure(files: Files, loss: str, scores: str | None, epochs: int) -> str:
    """A row of the table."""
    from simsearch import InputError, Workspace

    with tempfile.TemporaryDirectory() as folder:
        try:
            report = Workspace(folder).tune(
                files.train, test=files.test, loss=loss, scores=scores, epochs=epochs, promote="never"
            )
        except InputError as error:
            return f"| {loss} | {scores or 'none'} | | refused: {str(error).partition('. ')[0]} | |"
    low, high = report.interval
    return (
        f"| {loss} | {scores or 'none'} | {report.pairs['train']} | {report.base['nDCG@10']:.3f} → "
        f"{report.tuned['nDCG@10']:.3f} | {report.gain['nDCG@10']:+.3f} [{low:+.3f}, {high:+.3f}] |"
    )


def table(name: str, epochs: int, losses: Sequence[str]) -> Iterator[str]:
    yield f"\n{name}, {epochs} epoch{'s at most' * (epochs > 1)}:\n"
    yield "| loss | scores | pairs trained on | nDCG@10 | gain [95 %] |\n| --- | --- | --- | --- | --- |"
    with tempfile.TemporaryDirectory() as folder:
        files = {"covid_faq": covid_faq, "nl2bash": nl2bash}[name](Path(folder))
        for loss, scores in RUNS[name]:
            if not losses or loss in losses:
                yield measure(files, loss, scores, epochs)


def read(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(folder: Path, train: Rows, test: Rows) -> Files:
    files = Files(folder / "train.jsonl", folder / "test.jsonl")
    for path, rows in ((files.train, train), (files.test, test)):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=RUNS)
    parser.add_argument("--loss", action="append", default=[])
    parser.add_argument("--epochs", type=int, default=1)
    words = parser.parse_args()
    for name in words.only or RUNS:
        for row in table(name, words.epochs, words.loss):
            print(row, flush=True)


if __name__ == "__main__":
    main()
