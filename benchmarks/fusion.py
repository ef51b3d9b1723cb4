"""Compares fusions of dense and lexical search, to choose the default: nDCG@10 of documents by their best chunk.

    python benchmarks/fusion.py FOLDER python_faq covid_faq medquad_qa banking77 pgdocs_index
    python benchmarks/fusion.py FOLDER --model 'TUNED/{set}' --questions 'HELD_OUT/{set}' covid_faq

FOLDER keeps one index for each set, built in the first run; another model needs another folder. Every question is
embedded and searched once, and all fusions use the same two lists that `query` fuses. Intervals are paired bootstraps
over the questions.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.judged_sets import JudgedSet, open_set
from simsearch.intervals import interval
from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.dense_weight import weigh_question
from simsearch.querying.evaluate import evaluate
from simsearch.querying.fusion import fuse, fuse_ranks
from simsearch.querying.ranking import FUSED_DEPTH, Ranking

DEPTH = FUSED_DEPTH
DEFAULT, DEFAULT_TUNED = "weighed by question", "weighed, as for tuned models"
Way = Callable[[str, Ranking], list[int]]


def min_max(ranking: Ranking) -> list[int]:
    """0.7 of the cosine scaled from the list's lowest to its highest."""
    dense = ranking.parts["dense"]
    low, high = (dense[ranking.ranks["dense"][place]] for place in (-1, 0))
    scaled = {chunk: (cosine - low) / ((high - low) or 1.0) for chunk, cosine in dense.items()}
    return [chunk for chunk, _ in fuse(scaled, ranking.parts["lexical"], 0.7, ranking.chunks)]


def convex(weight: float) -> Way:
    return lambda text, ranking: [
        c for c, _ in fuse(ranking.parts["dense"], ranking.parts["lexical"], weight, ranking.chunks)
    ]


WAYS: dict[str, Way] = {
    "lexical": lambda text, ranking: list(ranking.ranks["lexical"]),
    "dense": lambda text, ranking: list(ranking.ranks["dense"]),
    "min-max, 0.7": lambda text, ranking: min_max(ranking),
    "cosine, 0.8": convex(0.8),
    "cosine, 0.85": convex(0.85),
    "cosine, 0.9": convex(0.9),
    "reciprocal ranks": lambda text, ranking: [c for c, _ in fuse_ranks(list(ranking.ranks.values()))],
    DEFAULT: lambda text, ranking: convex(weigh_question(text))(text, ranking),
    DEFAULT_TUNED: lambda text, ranking: convex(weigh_question(text, tuned=True))(text, ranking),
}


def measure(given: JudgedSet) -> dict[str, dict[str, float]]:
    """nDCG@10 of each question, by way."""
    found = {}
    with given.workspace.open_searcher(mode="hybrid") as searcher:
        rankings = BatchRanker(searcher, list(given.queries.values()), DEPTH).ranking
        for way, rank in WAYS.items():
            result = evaluate(
                given.queries,
                given.judged,
                searcher.snapshot,
                lambda text, rank=rank: rank(text, rankings(text)),
                ["nDCG@10"],
            )
            found[way] = {query: values["nDCG@10"] for query, values in result.per_query.items()}
    return found


def row(values: dict[str, NDArray[np.float64]]) -> str:
    """Means by way, and how the defaults compare with the better of their halves."""
    better = max(values["lexical"], values["dense"], key=lambda half: half.mean())
    cells = [str(len(better)), *(f"{values[way].mean():.3f}" for way in WAYS)]
    for default in (DEFAULT, DEFAULT_TUNED):
        gains = values[default] - better
        low, high = interval(gains)
        cells.append(f"{gains.mean():+.3f} [{low:+.3f}, {high:+.3f}]")
    return " | ".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--model", help="what indexes are made with; {set} stands for the set's name")
    parser.add_argument("--questions", help="folder of queries.jsonl and qrels.tsv, likewise")
    given = parser.parse_args()
    columns = ["set", "questions", *WAYS, "the first against the better half [95 %]", "the second"]
    print("|", " | ".join(columns), "|\n|", " | ".join("---" for _ in columns), "|")
    for name in given.sets:
        model = given.model and given.model.format(set=name)
        questions = given.questions and Path(given.questions.format(set=name))
        judged_set = open_set(name, given.folder, model, questions)
        found = measure(judged_set)
        for kind, ids in judged_set.kinds.items():
            values = {way: np.array([scores[q] for q in ids if q in scores]) for way, scores in found.items()}
            print(f"| {kind} | {row(values)} |", flush=True)


if __name__ == "__main__":
    main()
