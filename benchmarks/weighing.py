"""Which rule gives questions their dense weight: chosen on all sets but one and judged on that one, in turn.

    python benchmarks/weighing.py FOLDER python_faq covid_faq medquad_qa banking77 pgdocs_index nl2bash tldr_pairs

FOLDER keeps an index a set, as of benchmarks/fusion.py. Every question is searched for once, at most 700 of each kind.
A rule is a weight for questions of one word, one for four words and more, and a straight line between them; with equal
ends it is one weight for all. The gap of a kind is the nDCG@10 of its best single weight, which nobody can know
beforehand, minus that of the rule.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.judged_sets import JudgedSet, open_set
from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.dense_weight import MANY, weigh_question
from simsearch.querying.fusion import fuse
from simsearch.querying.ranking import FUSED_DEPTH, Ranking
from simsearch.storage.words.analysis import count_content_words

WEIGHTS = tuple(round(0.025 * step, 3) for step in range(16, 39))
RULES = {
    "one weight for all": [(weight, weight) for weight in WEIGHTS],
    "by the number of words": list(product((0.55, 0.6, 0.65, 0.7, 0.75), (0.75, 0.8, 0.85, 0.9, 0.95))),
}
MOST = 700
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """Questions of one kind: nDCG@10 by weight [q, w], and how many words each has beyond one, 0 to 1 [q]."""

    set: str
    name: str
    scores: Values
    more: Values

    def by(self, rule: tuple[float, float]) -> float:
        """The mean nDCG@10 with a rule's weights."""
        one, many = rule
        places = [int(np.abs(np.array(WEIGHTS) - (one + (many - one) * more)).argmin()) for more in self.more]
        return float(self.scores[np.arange(len(places)), places].mean())

    @property
    def best(self) -> float:
        return float(self.scores.mean(axis=0).max())


def kinds_of(name: str, given: JudgedSet) -> list[Kind]:
    with given.workspace.open_searcher(mode="hybrid") as searcher:
        asked = {kind: ids[:: -(-len(ids) // MOST)] for kind, ids in given.kinds.items()}
        ranker = BatchRanker(searcher, [given.queries[q] for ids in asked.values() for q in ids], FUSED_DEPTH)
        kinds = []
        for kind, ids in asked.items():
            scores = [
                score_weights(ranker.ranking(given.queries[q]), given.judged[q], searcher.snapshot)
                for q in ids
            ]
            words = np.array([count_content_words(given.queries[q]) for q in ids])
            kinds.append(Kind(name, kind, np.array(scores), np.clip((words - 1) / (MANY - 1), 0, 1)))
        return kinds


def score_weights(ranking: Ranking, judged: Mapping[str, int], snapshot: object) -> list[float]:
    """nDCG@10 of one question, by weight."""
    places = snapshot.places(list(ranking.scores))  # type: ignore[attr-defined]
    ids = {chunk: place.id for chunk, place in places.items()}
    ideal = gain(sorted((grade for grade in judged.values() if grade > 0), reverse=True))
    found = []
    for weight in WEIGHTS:
        fused = fuse(ranking.parts["dense"], ranking.parts["lexical"], weight, ranking.chunks)
        order = (ids[chunk] for chunk, _ in fused)
        documents = list(dict.fromkeys(order))[:10]
        found.append(gain([max(judged.get(document, 0), 0) for document in documents]) / ideal)
    return found


def gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades[:10]))


def choose(rules: Sequence[tuple[float, float]], kinds: Sequence[Kind]) -> tuple[float, float]:
    return max(rules, key=lambda rule: np.mean([kind.by(rule) for kind in kinds]))


def row(name: str, kinds: Sequence[Kind], values: Sequence[float]) -> str:
    gaps = [kind.best - value for kind, value in zip(kinds, values, strict=True)]
    cells = [
        *(f"{value:.3f}" for value in values),
        f"{np.mean(values):.4f}",
        f"{np.mean(gaps):.4f}",
        f"{max(gaps):.3f}",
    ]
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    given = parser.parse_args()
    kinds = [kind for name in given.sets for kind in kinds_of(name, open_set(name, given.folder))]
    names = ["rule", *(kind.name for kind in kinds), "mean", "mean gap", "largest gap"]
    print("|", " | ".join(names), "|\n|", " | ".join("---" for _ in names), "|")
    print(row("the best single weight of each", kinds, [kind.best for kind in kinds]))
    default = (weigh_question("heron"), weigh_question("heron zebra otter puffin"))
    print(row(f"the default, {default[0]:g} to {default[1]:g}", kinds, [kind.by(default) for kind in kinds]))
    for name, rules in RULES.items():
        chosen = [choose(rules, [other for other in kinds if other.set != kind.set]) for kind in kinds]
        print(row(name, kinds, [kind.by(rule) for kind, rule in zip(kinds, chosen, strict=True)]), flush=True)


if __name__ == "__main__":
    main()
