"""Measures the time of a question without embedding it: by mode, and with filters that leave few or many chunks.

    python benchmarks/querying.py FOLDER [--chunks 100000]

The index of generated chunks (store_texts.py) is built in the folder in the first run, and kept. Questions are real,
with known vectors; each kind of filter gets a few in turn. A searcher finds out once which chunks its filter allows,
with its first question, which is timed separately. Other load on the machine affects wall time more than CPU time.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.store import CACHE, build
from benchmarks.store_texts import Source
from simsearch import Workspace
from simsearch.querying.step_times import Stopwatch

MODES = ("lexical", "dense", "hybrid")
FILTERS = {
    "no filter": None,
    "0.1 %": "row=7",
    "1 %": "row<10",
    "10 %": "row<100",
    "50 %": "row<500",
    "all": "row>=0",
    "1 %, path": "path:docs/0007.jsonl",
    "half, path": "path<docs/0050",
}
AT_ONCE = 16
"""Questions that one searcher answers, of which the first begins with the filter."""

Way = tuple[str, str]
"""A mode and the name of a filter."""


def measure(workspace: Workspace, source: Source, rounds: int) -> tuple[dict[Way, list[Stopwatch]], ...]:
    """The steps of each answer, and of each first answer, which finds out what is allowed, by way."""
    ways = [(mode, name) for mode in MODES for name in FILTERS]
    warm: dict[Way, list[Stopwatch]] = {way: [] for way in ways}
    first: dict[Way, list[Stopwatch]] = {way: [] for way in ways}
    for number in range(rounds):
        part = slice(number * AT_ONCE, (number + 1) * AT_ONCE)
        asked = list(zip(source.questions[part], source.queries[part], strict=True))
        for way in ways:
            with asking(workspace, way) as searcher:
                searcher.snapshot.search_words("warm", 1)
                searcher.snapshot.search(asked[0][1][None], 1)
                first[way].append(answered(searcher, *asked[0]))
                warm[way] += [answered(searcher, *one) for one in asked[1:]]
    return warm, first


def asking(workspace: Workspace, way: Way) -> Any:
    return workspace.open_searcher(mode=way[0], where=FILTERS[way[1]])


def answered(searcher: Any, text: str, vector: Any) -> Stopwatch:
    watch, began = Stopwatch(), time.process_time()
    with watch.step("all"):
        searcher.answer(text, vector[None], watch)
    watch.milliseconds["processor"] = 1000 * (time.process_time() - began)
    return watch


def taken(watches: list[Stopwatch], step: str = "all") -> list[float]:
    return [watch.milliseconds.get(step, 0.0) for watch in watches]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if not (given.folder / ".simsearch").is_dir():
        build(given.folder, given.chunks)
    warm, first = measure(Workspace(given.folder), Source(CACHE), given.rounds)
    columns = (
        "mode",
        "allowed",
        "p50 ms",
        "p95",
        "processor, p50",
        "first question, p50",
        "of that the filter",
    )
    print("|", " | ".join([*columns, "steps, p50"]), "|\n|", " --- |" * (len(columns) + 1))
    for way, watches in warm.items():
        cells = (
            median(taken(watches)),
            np.quantile(taken(watches), 0.95),
            median(taken(watches, "processor")),
            median(taken(first[way])),
            median(taken(first[way], "filter")),
        )
        steps = [step for step in watches[0].milliseconds if step not in ("all", "processor", "filter")]
        parts = ", ".join(f"{step} {median(taken(watches, step)):.1f}" for step in steps)
        print("|", " | ".join([*way, *(f"{cell:.1f}" for cell in cells), parts]), "|")


if __name__ == "__main__":
    main()
