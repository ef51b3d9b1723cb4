"""Which fusion of meaning and words is the default: nDCG@10 of documents by their best chunk.

    simsearch index SET/corpus.jsonl --workspace FOLDER/SET          (once a set; pgdocs_index takes the longest)
    python benchmarks/fusion.py FOLDER python_faq covid_faq medquad_qa banking77 pgdocs_index

Every question is embedded and looked for once; the fusions are made of the same two lists of 100 chunks each.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np

from simsearch import Workspace
from simsearch.querying.asking import Asker
from simsearch.querying.evaluate import evaluate
from simsearch.querying.fusion import fuse, fuse_ranks
from simsearch.querying.judged import read_judgements, read_queries
from simsearch.querying.ranking import Ranking
from simsearch.querying.weighing import dense_weight

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
DEPTH = 100
Way = Callable[[str, Ranking], list[int]]


def min_max(ranking: Ranking) -> list[int]:
    """0.7 of the cosine scaled from the list's lowest to its highest."""
    dense = ranking.parts["dense"]
    low, high = (dense[ranking.ranks["dense"][place]] for place in (-1, 0))
    scaled = {chunk: (cosine - low) / ((high - low) or 1.0) for chunk, cosine in dense.items()}
    return [chunk for chunk, _ in fuse(scaled, ranking.parts["lexical"], 0.7)]


def convex(weight: float) -> Way:
    return lambda text, ranking: [
        c for c, _ in fuse(ranking.parts["dense"], ranking.parts["lexical"], weight)
    ]


WAYS: dict[str, Way] = {
    "lexical": lambda text, ranking: list(ranking.ranks["lexical"]),
    "dense": lambda text, ranking: list(ranking.ranks["dense"]),
    "convex, min-max, 0.7": lambda text, ranking: min_max(ranking),
    "convex, cosine, 0.8": convex(0.8),
    "convex, cosine, 0.85": convex(0.85),
    "convex, cosine, 0.9": convex(0.9),
    "reciprocal ranks": lambda text, ranking: [c for c, _ in fuse_ranks(list(ranking.ranks.values()))],
    "weighed by question": lambda text, ranking: convex(dense_weight(text))(text, ranking),
}


def measure(asker: Asker, name: str) -> dict[str, dict[str, float]]:
    """nDCG@10 by way, for each kind of question that the set has."""
    queries, judged = read_queries(DATA / name / "queries.jsonl"), read_judgements(DATA / name / "qrels.tsv")
    rankings = asker.rankings([text for query, text in queries.items() if query in judged], DEPTH)
    kinds = defaultdict(list)
    for row in (DATA / name / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        question = json.loads(row)
        kinds[f"{name} {question.get('kind', '')}".strip()].append(question["_id"])
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for way, rank in WAYS.items():
        result = evaluate(
            queries, judged, asker.reader, lambda text, r=rank: r(text, rankings(text)), ["nDCG@10"]
        )
        for kind, ids in kinds.items():
            values = [result.per_query[query]["nDCG@10"] for query in ids if query in result.per_query]
            found[kind][way] = float(np.mean(values))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    arguments = parser.parse_args()
    table: dict[str, dict[str, float]] = {}
    for name in arguments.sets:
        with Workspace(arguments.folder / name).asking(mode="hybrid") as asker:
            table |= measure(asker, name)
    print("| set |", " | ".join(WAYS), "|")
    print("| --- |", " | ".join("---" for _ in WAYS), "|")
    for kind, values in table.items():
        print(f"| {kind} |", " | ".join(f"{values[way]:.3f}" for way in WAYS), "|")


if __name__ == "__main__":
    main()
