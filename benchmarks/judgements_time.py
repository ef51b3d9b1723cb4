"""How long `teach` takes, and what a taught map and memory cost each question.

    python benchmarks/judgements_time.py FOLDER [--chunks 100000] [--judgements 100]

The index of generated chunks (store_texts.py) is built in the folder in the first run, and kept. A judged question has
a third of the words of a document; each document is asked for three times, so that the teaching is proven and every
step is taken. Questions are asked in turn without the teaching and with it. A million vectors are multiplied by a map;
those of the index are read, multiplied and written to another store, as `index` does for a model that has a map on both
sides. Times are wall and processor seconds; other load on the machine affects wall time more.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.store import build
from benchmarks.store_texts import Source
from simsearch import Workspace
from simsearch.indexing.transferring import BLOCK
from simsearch.judgements.documents import LocatedJudgement
from simsearch.judgements.teaching import TeachReport, learn_teaching
from simsearch.linear_maps.linear_map import LinearMap
from simsearch.querying.searcher import Searcher
from simsearch.querying.teaching import Teaching
from simsearch.storage import open_store
from simsearch.storage.snapshot import LocalSnapshot
from simsearch.types import Judgement

EVERY = 8
"""Which of the real texts are embedded: each eighth."""
ASKED_FOR = 3


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
    linear_map = random_map(size)
    block = np.random.default_rng(1).normal(size=(BLOCK, size)).astype(np.float32)
    clock = Clock()
    for _ in range(0, 1_000_000, BLOCK):
        linear_map.apply(block, "document")
    return str(clock)


def time_stored(snapshot: LocalSnapshot) -> str:
    """How long it takes to read all stored vectors, multiply them by a map and write them to another store, in the
    blocks in which `index` does it for the next model; and how much more memory the process needs for that."""
    linear_map = random_map(snapshot.identity.dimension)
    keys = [key for path in snapshot.files() for one in snapshot.chunked(path) for key in one.keys]
    before = peak_megabytes()
    with (
        tempfile.TemporaryDirectory() as made,
        open_store(Path(made)).write(replace(snapshot.identity, fingerprint="0" * 64)) as writer,
    ):
        clock = Clock()
        for start in range(0, len(keys), BLOCK):
            block = keys[start : start + BLOCK]
            writer.put_vectors(block, linear_map.apply(snapshot.vectors(block), "document"))
        writer.commit()
        taken = str(clock)
    return f"{len(keys)} in {taken}, {peak_megabytes() - before:.0f} MB more memory"


def random_map(size: int) -> LinearMap:
    weights = np.random.default_rng(0).normal(0, 0.01, (size, size)).astype(np.float32)
    return LinearMap(weights, False)


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
        print(f"stored vectors: {time_stored(searcher.snapshot)}", flush=True)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
