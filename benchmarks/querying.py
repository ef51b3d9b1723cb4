"""What a question costs in process beyond embedding it: by mode, without a filter and with filters that leave few
chunks or many.

    python benchmarks/querying.py FOLDER [--chunks 100000]

The index of generated chunks (store_texts.py) is made in the folder at the first run and kept. Every question, a real
one whose vector is known, is asked in each way in turn. An asker finds out once which chunks its filters allow, as one
command does; that is timed by itself, with askers of their own. What else the machine does lengthens times by the
clock more than those of the processor.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.store import CACHE, build
from benchmarks.store_texts import Source
from simsearch import Workspace
from simsearch.querying.stopwatch import Stopwatch

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
FILTERED = 9

Way = tuple[str, str]
"""A mode and the name of a filter."""


def measure(workspace: Workspace, source: Source, questions: int) -> tuple[dict[Way, list[Stopwatch]], ...]:
    """The steps of each answer, and of each answer that a filter begins, by way."""
    ways = [(mode, name) for mode in MODES for name in FILTERS]
    asked = list(zip(source.questions, source.queries, strict=True))[: questions + 1]
    warm: dict[Way, list[Stopwatch]] = {way: [] for way in ways}
    first: dict[Way, list[Stopwatch]] = {way: [] for way in ways}
    with ExitStack() as stack:
        askers = {way: stack.enter_context(asking(workspace, way)) for way in ways}
        for number, (text, vector) in enumerate(asked):
            for way, asker in askers.items():
                watch = answered(asker, text, vector)
                if number:  # the first question opens files and reads the filter
                    warm[way].append(watch)
    for text, vector in asked[1 : FILTERED + 1]:
        for way in ways:
            with asking(workspace, way) as asker:
                asker.reader.search_words("warm", 1)
                asker.reader.search(vector[None], 1)
                first[way].append(answered(asker, text, vector))
    return warm, first


def asking(workspace: Workspace, way: Way) -> Any:
    return workspace.asking(mode=way[0], where=FILTERS[way[1]])


def answered(asker: Any, text: str, vector: Any) -> Stopwatch:
    watch, began = Stopwatch(), time.process_time()
    with watch.step("all"):
        asker.answer(text, vector[None], watch)
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
    parser.add_argument("--questions", type=int, default=60)
    given = parser.parse_args()
    if not (given.folder / ".simsearch").is_dir():
        build(given.folder, given.chunks)
    warm, first = measure(Workspace(given.folder), Source(CACHE), given.questions)
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
