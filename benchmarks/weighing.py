"""Whether more of a question than its number of words tells how much meaning should count: how peaked each list is, how
rare the words are, and how much of their weight the best chunk has.

    python benchmarks/weighing.py FOLDER python_faq covid_faq medquad_qa banking77 pgdocs_index

FOLDER keeps an index a set, as of benchmarks/fusion.py. A weight is linear in some features of the question, chosen on
all kinds of questions but one, and judged on that one, in turn; each kind counts alike. The interval is a bootstrap
over the questions of each kind.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.judged_sets import JudgedSet, open_set
from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.evaluate import evaluate
from simsearch.querying.learn_dense_weight import WEIGHTS
from simsearch.querying.ranking import FUSED_DEPTH, Ranking
from simsearch.storage.words.analysis import content_stems, count_content_words

FEATURES = ("words", "rarest", "rarity", "cover", "dense gap", "dense peak", "lexical gap", "lexical peak")
TRIED = {
    "one weight for all": (),
    "words": ("words",),
    "words, peaks": ("words", "dense gap", "dense peak", "lexical gap", "lexical peak"),
    "words, rarity": ("words", "rarest", "rarity"),
    "words, cover": ("words", "cover"),
    "all of these": FEATURES,
}
BM25_MOST = 2.2
"""What a word that is all of a text scores, times its rarity: k1 + 1."""

STEPS, RESAMPLES = 600, 1000
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """Questions of one kind: nDCG@10 by weight [q, w], and what is known of each [q, f]."""

    name: str
    scores: Values
    features: Values
    default: Values

    def at(self, weights: Values) -> Values:
        """nDCG@10 of each question with its own weight."""
        places = np.clip(np.rint(weights * (len(WEIGHTS) - 1)).astype(int), 0, len(WEIGHTS) - 1)
        return self.scores[np.arange(len(places)), places]


def kinds_of(given: JudgedSet) -> list[Kind]:
    with given.workspace.open_searcher(mode="hybrid") as searcher:
        texts = list(given.queries.values())
        ranker = BatchRanker(searcher, texts, FUSED_DEPTH)

        def scored(weight: float | None) -> dict[str, float]:
            result = evaluate(
                given.queries,
                given.judged,
                searcher.snapshot,
                lambda text: ranker.rank_with_weight(text, weight),
                ["nDCG@10"],
            )
            return {query: values["nDCG@10"] for query, values in result.per_query.items()}

        grid, default = [scored(weight) for weight in WEIGHTS], scored(None)
        known = {
            query: features(text, ranker.ranking(text), searcher.snapshot)
            for query, text in given.queries.items()
            if query in default
        }
    return [
        Kind(
            name,
            np.array([[scores[query] for scores in grid] for query in ids if query in default]),
            np.array([known[query] for query in ids if query in default]),
            np.array([default[query] for query in ids if query in default]),
        )
        for name, ids in given.kinds.items()
    ]


def features(text: str, ranking: Ranking, reader: Any) -> list[float]:
    dense, lexical = (np.sort(list(ranking.parts[half].values()))[::-1] for half in ("dense", "lexical"))
    most = lexical[0] if len(lexical) and lexical[0] else 1.0
    rarities = sorted(rarities_of(text, reader), reverse=True) or [0.0]
    return [
        min(count_content_words(text) - 1, 3) / 3,
        rarities[0],
        float(np.mean(rarities)),
        min(1.0, most / (BM25_MOST * sum(rarities) or 1.0)),
        dense[0] - dense[min(1, len(dense) - 1)],
        dense[0] - dense[:10].mean(),
        (lexical[0] - lexical[min(1, len(lexical) - 1)]) / most if len(lexical) else 0.0,
        1 - lexical[:10].mean() / most if len(lexical) else 0.0,
    ]


def rarities_of(text: str, reader: Any) -> list[float]:
    """The inverse document frequency of each telling word, as BM25 has it."""

    def counted(words: Any) -> list[float]:
        searcher = words._index.searcher()
        counts = [searcher.doc_freq("body", stem) for stem in content_stems(text, "en")]
        return [math.log(1 + (searcher.num_docs - count + 0.5) / (count + 0.5)) for count in counts]

    return list(reader._of_words(counted))


def chosen(kinds: Sequence[Kind], columns: list[int]) -> Values:
    """The constant and the slopes with the best mean over the kinds, by random search from one weight for all."""
    chance = np.random.default_rng(0)

    def worth(rule: Values) -> float:
        return float(np.mean([kind.at(weights(kind, columns, rule)).mean() for kind in kinds]))

    best = max((np.array([weight, *[0.0] * len(columns)]) for weight in WEIGHTS), key=worth)
    highest, step = worth(best), 0.1
    for turn in range(STEPS if columns else 0):
        rule = best + chance.normal(0, step, len(best)) * (chance.random(len(best)) < 0.5)
        if (found := worth(rule)) > highest + 1e-7:
            best, highest = rule, found
        step *= 0.6 if turn % 120 == 119 else 1.0
    return best


def weights(kind: Kind, columns: list[int], rule: Values) -> Values:
    return np.asarray(rule[0] + kind.features[:, columns] @ rule[1:])


def scaled(kinds: Sequence[Kind]) -> list[Kind]:
    spread = np.concatenate([kind.features for kind in kinds]).std(axis=0) + 1e-9
    return [Kind(kind.name, kind.scores, kind.features / spread, kind.default) for kind in kinds]


def gain_interval(gains: Sequence[Values]) -> tuple[float, float]:
    chance = np.random.default_rng(0)
    means = [np.mean([chance.choice(one, len(one)).mean() for one in gains]) for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    given = parser.parse_args()
    kinds = scaled([kind for name in given.sets for kind in kinds_of(open_set(name, given.folder))])
    names = ["chosen by", *(kind.name for kind in kinds), "mean", "against the default [95 %]"]
    print("|", " | ".join(names), "|\n|", " | ".join("---" for _ in names), "|")
    default = [kind.default.mean() for kind in kinds]
    print("| the default |", " | ".join(f"{value:.3f}" for value in [*default, np.mean(default)]), "| |")
    for name, tried in TRIED.items():
        columns, found = [FEATURES.index(feature) for feature in tried], []
        for held_out in kinds:
            rule = chosen([kind for kind in kinds if kind is not held_out], columns)
            found.append(held_out.at(weights(held_out, columns, rule)))
        gains = [values - kind.default for values, kind in zip(found, kinds, strict=True)]
        low, high = gain_interval(gains)
        means = [values.mean() for values in found]
        cells = " | ".join(f"{value:.3f}" for value in [*means, np.mean(means)])
        gain = np.mean([one.mean() for one in gains])
        print(f"| {name} | {cells} | {gain:+.4f} [{low:+.4f}, {high:+.4f}] |", flush=True)


if __name__ == "__main__":
    main()
