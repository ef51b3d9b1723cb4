"""Measures what queries lose and gain with a table of plugins/simsearch-static instead of all-MiniLM-L6-v2.

    simsearch static make all-MiniLM-L6-v2 --dimensions 384 --name minilm-384
    python benchmarks/static.py quality            nDCG@10, dense and exact, as Markdown
    simsearch static make all-MiniLM-L6-v2
    python benchmarks/static.py time --runs 15     cold `simsearch query` processes, in turn

Documents are embedded whole, truncated where MiniLM stops reading; the table is cut at the same token. A table of fewer
dimensions is the first columns of one of more, brought to unit length.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from simsearch import Pair
from simsearch.embedding import load_embedder
from simsearch.plugins.registry import Registry
from simsearch.querying.judged_files import read_judgements, read_queries
from simsearch.tuning.judging.measures import ModelScores, Questions, gain_interval, judge, questions_of

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
MODEL = "all-MiniLM-L6-v2"
WIDE, USUAL = "static:table=minilm-384", "static:table=all-MiniLM-L6-v2"
SETS = ("python_faq", "covid_faq", "nl2bash", "medquad_qa")
DIMENSIONS = (384, 256, 128, 64)


def questions(name: str) -> Questions:
    if name == "nl2bash":
        rows = [json.loads(line) for line in lines(DATA / name / "test.pairs.jsonl")]
        return questions_of([Pair(row["anchor"], row["positive"]) for row in rows])
    documents = [json.loads(line) for line in lines(DATA / name / "corpus.jsonl")]
    places = {row["_id"]: place for place, row in enumerate(documents)}
    judged = read_judgements(DATA / name / "qrels.tsv")
    asked = {key: text for key, text in read_queries(DATA / name / "queries.jsonl").items() if key in judged}
    return Questions(
        tuple(asked.values()),
        tuple(f"{row['title']}\n{row['text']}".strip() for row in documents),
        tuple(frozenset(places[id] for id, grade in judged[key].items() if grade > 0) for key in asked),
    )


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def quality() -> None:
    registry = Registry.load()
    model, table = (load_embedder(name, registry=registry) for name in (MODEL, WIDE))
    print(f"| set | questions | MiniLM |{'|'.join(f' table {d} ' for d in DIMENSIONS)}| loss at 256 [95 %] |")
    print(f"| --- | --- | --- |{' --- |' * len(DIMENSIONS)} --- |")
    for name in SETS:
        asked = questions(name)
        base = judge(model.encode, asked)
        by_size = judged_at_sizes(table, asked)
        low, high = gain_interval(base, by_size[256], 0)
        cells = " | ".join(f"{by_size[d].mean():.3f}" for d in DIMENSIONS)
        loss = f"{by_size[256].mean() - base.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
        print(f"| {name} | {len(asked.texts)} | {base.mean():.3f} | {cells} | {loss} |", flush=True)


def judged_at_sizes(table: Any, asked: Questions) -> dict[int, ModelScores]:
    def cut(size: int) -> Any:
        def encode(texts: Any, role: Any) -> Any:
            vectors = table.encode(texts, role)[:, :size]
            return np.ascontiguousarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

        return encode

    return {size: judge(cut(size), asked) for size in DIMENSIONS}


def cold_queries(runs: int) -> None:
    """The same question to an index of the same documents, made with either model."""
    seconds: dict[str, list[float]] = {MODEL: [], USUAL: []}
    indexing: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, model in enumerate(seconds):
            began = time.perf_counter()
            simsearch(
                "index", DATA / "medquad_qa" / "corpus.jsonl", "--model", model, folder=f"{folder}/{number}"
            )
            indexing[model] = time.perf_counter() - began
        for _ in range(runs):
            for number, model in enumerate(seconds):
                began = time.perf_counter()
                simsearch("query", "what helps against a rash", folder=f"{folder}/{number}")
                seconds[model].append(time.perf_counter() - began)
    print(
        "| model | index of 2,267 documents | cold query, median (lowest to highest) |\n| --- | --- | --- |"
    )
    for model, times in seconds.items():
        spread = f"{statistics.median(times):.3f} s ({min(times):.3f} to {max(times):.3f})"
        print(f"| {model} | {indexing[model]:.0f} s | {spread} |")
    ratios = [table / base for base, table in zip(seconds[MODEL], seconds[USUAL], strict=True)]
    print(f"\nRatio of query times, run by run: {statistics.median(ratios):.2f}", end=" ")
    print(f"({min(ratios):.2f} to {max(ratios):.2f}), {runs} runs.")


def simsearch(*words: object, folder: str) -> None:
    Path(folder).mkdir(exist_ok=True)
    command = [sys.executable, "-m", "simsearch", *map(str, words), "--quiet", "--workspace", folder]
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("quality", "time"))
    parser.add_argument("--runs", type=int, default=15)
    words = parser.parse_args()
    if words.what == "quality":
        quality()
    else:
        cold_queries(words.runs)


if __name__ == "__main__":
    main()
