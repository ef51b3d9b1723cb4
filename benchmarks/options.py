"""Measures what options of `tune` gain: the same pairs with and without them, judged on the same questions.

    python benchmarks/options.py directions --seed 0 --seed 1 --seed 2
    python benchmarks/options.py negatives classes
    python benchmarks/options.py made

Every row is one run of `tune`, one epoch from all-MiniLM-L6-v2. The seed decides the
pairs and everything random, so rows with the same seed differ only in the option. `made` tunes on pairs that `pairs
make` finds in a sample of the PostgreSQL manual, and asks the index of the sample for the concepts of the manual's
own back-of-book index, which is not part of the pairs.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from chunking import TASKS, measure, smaller

from simsearch import InputError, Workspace
from simsearch.embedding import load_embedder
from simsearch.intervals import interval
from simsearch.plugins.registry import Registry
from simsearch.querying.judged_files import read_judgements

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
ASKED = 450
MADE = replace(TASKS["pgdocs_index"], limit=288)
FOUR = "multiple-negatives:directions=four"
Options = dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    """Options side by side on some sets.

    Args:
        sets: Name to the files to train on and to judge by.
        options: A name for each to what `tune` is asked for.
    """

    sets: dict[str, tuple[str, str]]
    options: dict[str, Options]


COMMANDS = {
    "nl2bash": ("nl2bash/train.pairs.jsonl", "nl2bash/test.pairs.jsonl"),
    "tldr_pairs": ("tldr_pairs/train.pairs.jsonl", "tldr_pairs/test.pairs.jsonl"),
}
COMPARISONS = {
    "directions": Comparison(
        {"nl2bash": COMMANDS["nl2bash"]},
        {"both": {"limit": 640}, "four": {"limit": 640, "loss": FOUR}},
    ),
    "negatives": Comparison(COMMANDS, {"none": {"limit": 640}, "mined": {"limit": 640, "negatives": "mined"}}),
    "classes": Comparison(
        {"banking77": ("banking77/labelled_train.jsonl", "banking77/labelled_test.jsonl")},
        {"600 texts": {"limit": 300}},
    ),
}  # fmt: skip


def compare(name: str, seeds: Sequence[int]) -> Iterator[str]:
    """A comparison's rows."""
    comparison = COMPARISONS[name]
    for which, (train, test) in comparison.sets.items():
        for seed in seeds:
            for option, tune_settings in comparison.options.items():
                yield f"| {which} | {option} | {seed} | {run(DATA / train, DATA / test, seed, tune_settings)} |"


def run(train: Path, test: Path, seed: int, tune_settings: Options) -> str:
    """The cells of one run's row."""
    with tempfile.TemporaryDirectory() as folder:
        shorter = shortened(test, Path(folder, "test.jsonl"))
        try:
            report = Workspace(folder).tune(
                train, test=shorter, seed=seed, epochs=1, promote="never", **tune_settings
            )
        except InputError as error:
            return f"| refused: {str(error).partition('. ')[0]} | |"
    low, high = report.interval
    base, tuned = report.base["nDCG@10"], report.tuned["nDCG@10"]
    return (
        f"{report.pairs['train']} | {base:.3f} → {tuned:.3f} | {tuned - base:+.3f} [{low:+.3f}, {high:+.3f}] "
        f"| {report.seconds:.0f}"
    )


def shortened(file: Path, to: Path) -> Path:
    """Rows spread over a file that is sorted."""
    rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    to.write_text("".join(rows[:: len(rows) // ASKED]), encoding="utf-8")
    return to


def made(seeds: Sequence[int]) -> Iterator[str]:
    """Made pairs: judged on their own test part, and on the questions of the manual's index."""
    registry = Registry.load(())
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            sample, _ = smaller(
                DATA / MADE.documents, read_judgements(DATA / MADE.judgements), MADE.limit or 0, Path(folder)
            )
            workspace, pairs = Workspace(folder), Path(folder, "pairs.jsonl")
            kinds = json.dumps(workspace.make_pairs(sample, output=pairs).kinds)
            report = workspace.tune(pairs, limit=640, seed=seed, epochs=1, promote="never")
            base, tuned = (
                measure(MADE, "structure", load_embedder(model), registry).values["nDCG@10"]
                for model in (workspace.settings.tune.base, workspace.runs.folder / report.run)
            )
        low, high = report.interval
        own = f"{report.gain['nDCG@10']:+.3f} [{low:+.3f}, {high:+.3f}]"
        low, high = interval(tuned - base)
        yield (
            f"| made pairs | their own test part, {kinds} | {seed} | {report.pairs['train']} | | {own} "
            f"| {report.seconds:.0f} |"
        )
        yield (
            f"| made pairs | {len(base)} concepts | {seed} | | {np.mean(base):.3f} → {np.mean(tuned):.3f} "
            f"| {np.mean(tuned - base):+.3f} [{low:+.3f}, {high:+.3f}] | |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="+", choices=[*COMPARISONS, "made"])
    parser.add_argument("--seed", action="append", type=int)
    words = parser.parse_args()
    print("| set | option | seed | pairs | nDCG@10 | gain [95 %] | s |\n|" + " --- |" * 7, flush=True)
    for what in words.what:
        seeds = words.seed or [0]
        for row in made(seeds) if what == "made" else compare(what, seeds):
            print(row, flush=True)


if __name__ == "__main__":
    main()
