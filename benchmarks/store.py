"""The store at 10 thousand, 100 thousand and a million chunks: time to build and to append, cold and warm queries,
memory, disk, and recall on real questions.

    python benchmarks/store.py 10000 100000          tables, as Markdown
    python benchmarks/store.py 1000000 --keep DIR    keeps the workspace, and goes on with one that is there
    python benchmarks/store.py 1000000 --keep DIR --latency 5       the same with inverted lists

Chunks are real texts' vectors, perturbed (see store_texts.py); the word index and SQLite hold their words. Each step
is a process of its own, so that its peak memory is its own. A cold query is the whole command `simsearch query`
with a model that is exported already, its files in the system's cache.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).parent.parent
CACHE = Path(tempfile.gettempdir()) / "simsearch-benchmark"
MODEL = "all-MiniLM-L6-v2"
sys.path.insert(0, str(PROJECT))
APPENDED = 1000
QUESTIONS = 300


def build(workspace: Path, count: int, source: Any = None) -> dict[str, Any]:
    """Index generated chunks, as many as are missing."""
    began = time.perf_counter()
    store, source, spent = open_local(workspace), source or _source(), 0.0
    with store.write(_identity()) as writer:
        done = len(writer.files())
        for number, (texts, vectors) in enumerate(source.blocks(count)):
            started = time.perf_counter()
            if number >= done:
                _put(writer, f"docs/{number:04}.jsonl", texts, vectors)
                if number % 2:
                    writer.commit()
            spent += time.perf_counter() - started
        started = time.perf_counter()
        writer.finish()
        finishing = time.perf_counter() - started
    return {
        "build": round(spent + finishing, 1),
        "of that finishing": round(finishing, 1),
        "with making the data": round(time.perf_counter() - began, 1),
        "peak MB": peak(),
    }


def append(workspace: Path, count: int) -> dict[str, Any]:
    """Add a thousand chunks to the index."""
    ((texts, vectors),) = _source().blocks(APPENDED, seed=count + 1)
    began = time.perf_counter()
    with open_local(workspace).write(_identity()) as writer:
        _put(writer, f"docs/more-{time.time_ns()}.jsonl", texts, vectors)
        writer.finish()
    return {"append": round(time.perf_counter() - began, 2), "peak MB": peak()}


def ask(workspace: Path, count: int) -> dict[str, Any]:
    """Real questions, in this process: times of a search with the records of its hits, and recall."""
    queries = _source().queries[:QUESTIONS]
    with closing(open_local(workspace).read()) as reader:
        reader.search(queries[:1], 10)
        found, times = [], []
        for query in queries:
            began = time.perf_counter()
            matches = reader.search(query[None], 10)[0]
            reader.chunks(matches.chunks.tolist())
            times.append(1000 * (time.perf_counter() - began))
            found.append(matches)
        filtered = {}
        for share in (0.001, 0.1, 0.5):
            filtered[f"p50 ms, {share:.1%} allowed"] = _median_of(reader, queries[:20], share)
        words = []
        for question in _source().questions[:100]:
            began = time.perf_counter()
            reader.search_words(question, 10)
            words.append(1000 * (time.perf_counter() - began))
        told, counts, most = reader.dense_index(), reader.counts(), peak()
        enough = _tenth_scores(reader, queries)
    right = [(m.scores >= kth - 2e-6).sum() / 10 for m, kth in zip(found, enough, strict=True)]
    return {
        "kind": told.kind,
        "lists": f"{told.probes} of {told.lists}",
        "recall@10, measured by the index": told.recall,
        "recall@10, real questions": round(float(np.mean(right)), 4),
        "p50 ms": round(statistics.median(times), 2),
        "p95 ms": round(float(np.quantile(times, 0.95)), 2),
        "words p50 ms": round(statistics.median(words), 2),
        **filtered,
        "peak MB": most,
        "disk MB": round(counts.bytes / 1e6),
    }


def cold(workspace: Path, runs: int = 7) -> dict[str, Any]:
    """The command, from start to end."""
    from benchmarks.incremental import compiled

    taken = {}
    for mode in ("dense", "hybrid"):
        times = []
        for run in range(-1, runs):  # the first finds nothing compiled
            words = [
                "query",
                "--mode",
                mode,
                "--workspace",
                str(workspace),
                f"how do I undo the last commit {run}",
            ]
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "simsearch", *words],
                capture_output=True,
                cwd=PROJECT,
                env=compiled(),
            )
            times += [time.perf_counter() - began] if run >= 0 else []
            assert done.returncode == 0, done.stderr
        taken[f"cold {mode} s"] = f"{statistics.median(times):.2f} ({min(times):.2f} to {max(times):.2f})"
    return taken


STEPS = {"build": build, "append": append, "ask": ask, "cold": lambda workspace, _: cold(workspace)}


def _median_of(reader: Any, queries: Any, share: float) -> float:
    from simsearch.storage.conditions import FieldComparison

    condition, times = FieldComparison("place", "<", f"{share:g}"), []
    reader.count(condition)  # found out once for all questions
    for query in queries:
        began = time.perf_counter()
        assert len(reader.search(query[None], 10, condition)[0].chunks) == 10
        times.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(times), 2)


def _tenth_scores(reader: Any, queries: Any) -> Any:
    """The tenth best score of each question by an exact search of all vectors, from the database."""
    from simsearch.storage.database.generations import find_generation
    from simsearch.storage.database.vectors import read_vectors

    generation = find_generation(reader._connection, "active")
    top = np.full((len(queries), 10), -1, np.float32)
    last = reader._connection.execute("SELECT max(id) FROM chunks").fetchone()[0]
    for start in range(0, last + 1, 50_000):
        _, codes = read_vectors(reader._connection, generation, start, start + 49_999)
        scores = queries @ codes.astype(np.float32).T
        top = np.partition(np.concatenate([top, scores], axis=1), -10, axis=1)[:, -10:]
    return top.min(axis=1)


def _put(writer: Any, path: str, texts: list[str], vectors: Any) -> None:
    from simsearch.storage.protocols import ChunkedDocument, FileRecord
    from simsearch.types import Chunk, Document

    keys = [hashlib.sha256(f"{path} {row} {text}".encode()).hexdigest() for row, text in enumerate(texts)]
    writer.put_vectors(keys, vectors)
    documents = [
        ChunkedDocument(
            Document(text or "-", id=f"{path}#{row}", metadata={"place": row * 0.618034 % 1}),
            (Chunk(0, len(text) or 1),),
            (key,),
        )
        for row, (text, key) in enumerate(zip(texts, keys, strict=True))
    ]
    writer.put_file(FileRecord(path, "docs", "", 0, 0), documents)


def _identity() -> Any:
    from simsearch.embedding import Places, find_model, fingerprint
    from simsearch.settings import load_settings
    from simsearch.storage.protocols import Identity

    settings = load_settings(PROJECT)
    return Identity(MODEL, fingerprint(find_model(MODEL, Places.of(settings))), 384, "structure")


def open_local(workspace: Path) -> Any:
    """The local store of a workspace."""
    from simsearch.settings import LATENCY
    from simsearch.storage import open_store

    latency = float(os.environ.get("SIMSEARCH_INDEX_LATENCY", LATENCY))
    return open_store(workspace / ".simsearch", lambda event: print(event, file=sys.stderr), latency)


def _source() -> Any:
    from benchmarks.store_texts import Source

    return Source(CACHE)


def peak() -> int:
    """The most memory that this process has had, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


def measured(count: int, keep: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step of one size, each in a process of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        workspace = keep or Path(temporary)
        for step in STEPS:
            words = [sys.executable, __file__, "--step", step, "--keep", str(workspace), str(count)]
            done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
            yield step, json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="+", type=int)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--step", choices=list(STEPS))
    parser.add_argument(
        "--latency", help="milliseconds that an exact search may take (the setting index.latency)"
    )
    given = parser.parse_args()
    if given.latency:
        os.environ["SIMSEARCH_INDEX_LATENCY"] = given.latency
    if given.step:
        print(json.dumps(STEPS[given.step](given.keep, given.counts[0])))
        return
    for count in given.counts:
        print(f"\n{count} chunks\n\n| step | | |\n| --- | --- | --- |")
        for step, values in measured(count, given.keep):
            for name, value in values.items():
                print(f"| {step} | {name} | {value} |", flush=True)


if __name__ == "__main__":
    main()
