"""Compares whole pages with chunks of several sizes and overlaps by what is found.

    python benchmarks/chunking.py                               the whole table, as Markdown
    python benchmarks/chunking.py --set pgdocs_index --limit 288 --chunker structure:size=128

Each row is an index that the indexing code built and the evaluation code measured, dense and exact: documents are
ranked by their best chunk. `page` embeds each document once, truncated where the model stops reading. --cache keeps
vectors by the hash of their string, so that a run that was stopped can continue. Intervals are paired bootstraps over
the questions, against `page`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from simsearch import Chunk, Component, Document, TokenCounter, hookimpl
from simsearch.embedding import load_embedder
from simsearch.indexing import Model, index
from simsearch.intervals import interval
from simsearch.plugins.discovery import Found, Origin
from simsearch.plugins.registry import Registry
from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.evaluate import DEPTH, evaluate
from simsearch.querying.judged_files import read_judgements, read_queries
from simsearch.querying.searcher import Searcher
from simsearch.settings import DEFAULT_MODEL, QuerySettings, Settings
from simsearch.storage import open_store
from simsearch.types import Embedder, Notice, Role, Truncation, Vectors
from simsearch.workspace.indexing import open_worker

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
MEASURES = ("nDCG@10", "R@10", "RR")
BASELINE = "page"
CHUNKERS = (
    BASELINE,
    "structure:size=0",
    "structure:size=192",
    "structure:size=128",
    "structure:size=96",
    "structure:size=128,overlap=32",
    "structure:size=0,overlap=48",
)
"""Size 0 fills up what the model reads: 254 tokens."""


@dataclass(frozen=True)
class Task:
    """What to index and what to ask of it.

    Args:
        limit: The most documents to take, those with the lowest hashes, and the questions they answer.
    """

    documents: str
    queries: str
    judgements: str
    limit: int | None = None


TASKS = {
    "pgdocs_index": Task(
        "docs_tree/postgresql", "pgdocs_index/queries_concept.jsonl", "pgdocs_index/qrels_concept.tsv"
    ),
    "medquad_qa": Task(
        "medquad_qa/corpus.jsonl", "medquad_qa/queries.jsonl", "medquad_qa/qrels.tsv", limit=800
    ),
}


@dataclass(frozen=True)
class Measured:
    """One way of cutting, on one task.

    Args:
        values: A measure's value of each question, in one order for all ways.
    """

    values: dict[str, np.ndarray]
    chunks: int


class Remembering:
    """An embedder whose vectors outlive it, in a database by the hash of their string."""

    def __init__(self, inner: Embedder, path: Path) -> None:
        self._inner = inner
        self._database = sqlite3.connect(path, timeout=600, check_same_thread=False)
        self._database.execute("create table if not exists vectors (key blob primary key, vector blob)")
        self.name, self.fingerprint, self.dimension = inner.name, inner.fingerprint, inner.dimension
        self.tokens = inner.tokens

    @property
    def truncation(self) -> Truncation:
        return self._inner.truncation

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        keys = [hashlib.sha256(f"{role}\n{text}".encode()).digest() for text in texts]
        missing = [place for place, key in enumerate(keys) if self._vector(key) is None]
        if missing:
            made = self._inner.encode([texts[place] for place in missing], role)
            rows = [(keys[place], vector.tobytes()) for place, vector in zip(missing, made, strict=True)]
            with self._database:
                self._database.executemany("insert or replace into vectors values (?, ?)", rows)
        found = [self._vector(key) for key in keys]
        return np.frombuffer(b"".join(filter(None, found)), dtype=np.float32).reshape(len(texts), -1)

    def _vector(self, key: bytes) -> bytes | None:
        row = self._database.execute("select vector from vectors where key = ?", (key,)).fetchone()
        return row[0] if row else None


class Baseline:
    """The plugin that offers the baseline."""

    @hookimpl
    def simsearch_chunkers(self) -> list[Component]:
        return [Component(BASELINE, "A document a vector, whatever the model can't read cut off", page)]


def page():  # type: ignore[no-untyped-def]
    def chunk(document: Document, tokens: TokenCounter) -> list[Chunk]:
        return [Chunk(0, len(document.text))]

    return chunk


def measure(task: Task, chunker: str, embedder: Embedder, registry: Registry) -> Measured:
    """Index, ask and measure."""
    with tempfile.TemporaryDirectory() as scratch:
        store = open_store(Path(scratch) / ".simsearch", observe=lambda event: None)
        judged = read_judgements(DATA / task.judgements)
        documents = DATA / task.documents
        if task.limit:
            documents, judged = smaller(documents, judged, task.limit, Path(scratch))
        report = index(
            [documents],
            workspace_folder=Path(scratch),
            store=store,
            model=Model(embedder.name, lambda: embedder.fingerprint, lambda: embedder),
            chunker=registry.chunker(chunker),
            engine=registry.engine("local"),
            open_worker=partial(open_worker, Path(scratch), Settings(), embedder.name),
            registry=registry,
            observe=lambda event: print(event, file=sys.stderr) if isinstance(event, Notice) else None,
        )
        with closing(store.read()) as reader:
            questions = read_queries(DATA / task.queries)
            searcher = Searcher(reader, lambda: embedder, QuerySettings(mode="dense"))
            ranker = BatchRanker(searcher, list(questions.values()), DEPTH).rank
            result = evaluate(questions, judged, reader, ranker, MEASURES)
    values = {
        name: np.array([result.per_query[query].get(name, 0.0) for query in sorted(result.per_query)])
        for name in result.measures
    }
    return Measured(values, report.chunks)


def smaller(
    documents: Path, judged: dict[str, dict[str, int]], limit: int, made: Path
) -> tuple[Path, dict[str, dict[str, int]]]:
    """A fixed sample of a corpus or a folder's files, and what is judged of it.

    Args:
        made: An empty folder for the sample.
    """
    sample = made / documents.name
    if documents.is_dir():
        names = _first_by_hash([f"{documents.name}/{file.name}" for file in documents.glob("*.html")], limit)
        sample.mkdir()
        for name in names:
            shutil.copyfile(documents.parent / name, made / name)
    else:
        rows = {json.loads(row)["_id"]: row for row in documents.read_text(encoding="utf-8").splitlines()}
        names = _first_by_hash(list(rows), limit)
        sample.write_text("\n".join(rows[name] for name in names), encoding="utf-8")
    answers = {
        query: {name: grade for name, grade in grades.items() if name in names}
        for query, grades in judged.items()
    }
    return sample, {query: grades for query, grades in answers.items() if grades}


def _first_by_hash(names: list[str], limit: int) -> set[str]:
    return set(sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())[:limit])


def table(tasks: Sequence[str], chunkers: Sequence[str], cache: Path, limit: int | None) -> None:
    """A row for each way of cutting, the baseline first."""
    embedder = Remembering(load_embedder(DEFAULT_MODEL), cache / "vectors.sqlite")
    registry = Registry.load(only=())
    registry.add(Found(Origin("benchmark", "benchmarks", "0", "chunking"), Baseline))
    print("| set | questions | chunker | chunks | nDCG@10 | R@10 | RR | nDCG@10 against page [95 %] |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for name in tasks:
        baseline: np.ndarray | None = None
        for chunker in dict.fromkeys([BASELINE, *chunkers]):
            task = replace(TASKS[name], limit=limit or TASKS[name].limit)
            measured = measure(task, chunker, embedder, registry)
            ours = measured.values["nDCG@10"]
            baseline = ours if baseline is None else baseline
            low, high = interval(ours - baseline)
            gain = f"{np.mean(ours - baseline):+.3f} [{low:+.3f}, {high:+.3f}]" if chunker != BASELINE else ""
            means = " | ".join(f"{measured.values[m].mean():.3f}" for m in MEASURES)
            print(
                f"| {name} | {len(ours)} | {chunker} | {measured.chunks} | {means} | {gain} |",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", action="append", choices=TASKS)
    parser.add_argument("--chunker", action="append")
    parser.add_argument("--limit", type=int, help="documents of each set, a fixed sample")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "simsearch-chunking")
    words = parser.parse_args()
    words.cache.mkdir(parents=True, exist_ok=True)
    table(words.set or list(TASKS), words.chunker or CHUNKERS, words.cache, words.limit)


if __name__ == "__main__":
    main()
