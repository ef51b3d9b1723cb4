"""How long `teach` takes, and what a taught map and memory cost each question.

    python benchmarks/judgements_time.py FOLDER [--chunks 100000] [--judgements 100]

The index of generated chunks (store_texts.py) is built in the folder in the first run, and kept. A judged question has
a third of the words of a document; each document is asked for three times, so that the teaching is proven and every
step is taken. Questions are asked in turn without the teaching and with it. The last figure is the multiplication of a
million vectors by a map. Times are wall and processor seconds; other load on the machine affects wall time more.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.store import build
from benchmarks.store_texts import Source
from simsearch import Workspace
from simsearch.judgements.documents import LocatedJudgement
from simsearch.judgements.teaching import TeachReport, learn_teaching
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.querying.searcher import Searcher
from simsearch.querying.teaching import Teaching
from simsearch.types import Judgement

EVERY = 8
"""Which of the real texts are embedded: each eighth."""
ASKED_FOR = 3
ROWS_AT_ONCE = 8192


def judge(searcher: Searcher, count: int) -> list[LocatedJudgement]:
    """Judgements of documents from all over the index."""
    chance = random.Random(0)
    records = searcher.snapshot.sample(count // ASKED_FOR + 1) * ASKED_FOR  # type: ignore[attr-defined]
    judgements = []
    for record in records[:count]:
        words = record.text.split()
        question = " ".join(chance.sample(words, max(3, len(words) // 3)))
        judgements.append(Judgement(question, record.path, record.id, True))
    return [LocatedJudgement(judgement, "current") for judgement in judgements]


class Clock:
    """Wall and processor time since it was made."""

    def __init__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        wall, processor = time.perf_counter() - self._began[0], time.process_time() - self._began[1]
        return f"{wall:.1f} s (processor {processor:.1f} s)"


def teach(searcher: Searcher, count: int) -> tuple[str, TeachReport, Teaching | None]:
    """How long it took, what was found, and what was learned."""
    judged = judge(searcher, count)
    searcher.embed(["warm"])
    clock = Clock()
    report, teaching = learn_teaching(judged, [], searcher)
    return str(clock), report, teaching


def time_questions(searcher: Searcher, teaching: Teaching | None, texts: list[str]) -> tuple[float, float]:
    """Median processor milliseconds of a question without a teaching and with it."""
    ways = (searcher, searcher.with_teaching(teaching))
    taken: tuple[list[float], list[float]] = ([], [])
    for text in texts:
        for way, times in zip(ways, taken, strict=True):
            began = time.process_time()
            way.ask(text)
            times.append(1000 * (time.process_time() - began))
    return median(taken[0]), median(taken[1])


def time_million(size: int) -> str:
    """How long it takes to multiply a million vectors by a map."""
    chance = np.random.default_rng(0)
    linear_map = LinearMap(chance.normal(0, 0.01, (size, size)).astype(np.float32), False)
    block = chance.normal(size=(ROWS_AT_ONCE, size)).astype(np.float32)
    clock = Clock()
    for _ in range(0, 1_000_000, ROWS_AT_ONCE):
        linear_map.apply(block, "document")
    return str(clock)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--judgements", type=int, default=100)
    given = parser.parse_args()
    source = Source(given.folder / "source", EVERY)
    if not (given.folder / ".simsearch").is_dir():
        build(given.folder, given.chunks, source)
    with Workspace(given.folder).open_searcher(taught=False) as searcher:
        taken, report, teaching = teach(searcher, given.judgements)
        print(f"teach: {taken}, kept: {report.kept} ({report.reason})", flush=True)
        before, after = time_questions(searcher, teaching, source.questions[:100])
        print(f"a question: processor {before:.1f} ms untaught, {after:.1f} ms taught", flush=True)
        print(f"a million vectors: {time_million(searcher.snapshot.identity.dimension)}", flush=True)


if __name__ == "__main__":
    main()
