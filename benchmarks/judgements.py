"""Simulated users judge what they find: what `teach` gains after 10, 30, 100 and 300 judgements.

    python benchmarks/judgements.py FOLDER nl2bash covid_faq banking77 medquad_qa --seeds 2 --random 20
    python benchmarks/judgements.py FOLDER nl2bash covid_faq banking77 medquad_qa --table

FOLDER keeps one index for each set, built in the first run, the vectors of its questions, and results.jsonl, to which
each simulation is appended as it is measured; a run goes on where the last one stopped. --table prints what is there.

Users ask for documents by Zipf's law; those with the most phrasings are asked for most often. A user looks at the
result of rank r with probability 1 / sqrt(r), and clicks the first right one. `20 % wrong` clicks a wrong one in every
fifth case. `told`: the user names the right document, whatever its rank. `random` clicks by rank alone. Of every
document with several phrasings one is never asked: these are the paraphrases of judged questions. Later questions are
the next ones that users ask; unrelated ones are about documents that nobody judged. Means are over all questions of all
seeds, with 95 % intervals; where a teaching was not kept, the gain is 0.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.judged_sets import DATA, JudgedSet, open_set
from simsearch.intervals import interval
from simsearch.judgements.documents import LocatedJudgement
from simsearch.judgements.teaching import TeachReport, learn_teaching
from simsearch.querying.batch_ranking import BatchRanker
from simsearch.querying.evaluate import evaluate, rank_documents
from simsearch.querying.searcher import Searcher
from simsearch.types import Embedder, Judgement, Role, Vectors

COUNTS = (10, 30, 100, 300)
RANDOM_COUNTS = (30, 100)
SHOWN = 10
ASKED_LATER = 50
KINDS = ("paraphrases", "later", "unrelated")
STREAMS = ("clicks", "20 % wrong", "told")
Values = NDArray[np.float64]


class KeptVectors:
    """An embedder that embeds a question once and keeps its vector in a folder."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder, self._texts, self._file = (
            embedder,
            folder / "questions.json",
            folder / "questions.npy",
        )
        self._known: dict[str, Vectors] = {}
        if self._texts.exists():
            texts = json.loads(self._texts.read_text(encoding="utf-8"))
            self._known = dict(zip(texts, np.load(self._file), strict=True))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def encode(self, texts: Sequence[str], role: Role = "document") -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.encode(new, "query"), strict=True))
        return np.stack([self._known[text] for text in texts])

    def save(self) -> None:
        self._texts.write_text(json.dumps(list(self._known)), encoding="utf-8")
        np.save(self._file, np.stack(list(self._known.values())))


@contextmanager
def searching(given: JudgedSet) -> Iterator[Searcher]:
    """A searcher without any teaching, whose questions are embedded once."""
    with given.workspace.open_searcher(taught=False) as opened:
        embedder = KeptVectors(opened.embedder, given.workspace.folder)
        try:
            yield Searcher(opened.snapshot, lambda: embedder, opened.settings, weigh=opened.weigh)
        finally:
            embedder.save()


@dataclass(frozen=True)
class Needs:
    """What people look for: the questions of each document in the order of how often they are asked for, and one
    phrasing that is never asked."""

    asked: dict[str, list[str]]
    held: dict[str, str]

    @classmethod
    def of(cls, given: JudgedSet, chance: random.Random) -> Needs:
        phrasings: dict[str, list[str]] = defaultdict(list)
        for query in given.queries:
            right = [id for id, grade in given.judged[query].items() if grade > 0]
            phrasings[min(right)].append(query)
        order = sorted(phrasings, key=lambda need: (-len(phrasings[need]), chance.random()))
        held = {need: chance.choice(phrasings[need]) for need in order if len(phrasings[need]) > 1}
        asked = {need: [q for q in phrasings[need] if q != held.get(need)] for need in order}
        return cls(asked, held)

    def stream(self, chance: random.Random) -> Iterator[tuple[str, str]]:
        """Needs and questions by Zipf's law, without an end."""
        needs = list(self.asked)
        weights = list(accumulate(1 / rank for rank in range(1, len(needs) + 1)))
        while True:
            (need,) = chance.choices(needs, cum_weights=weights)
            yield need, chance.choice(self.asked[need])


def click(shown: Sequence[str], right: set[str], stream: str, chance: random.Random) -> str | None:
    """The document that a user judges to be right; None if nothing is clicked."""
    looked = [id for rank, id in enumerate(shown, 1) if chance.random() < rank**-0.5]
    if stream == "random":
        return chance.choices(shown, [rank**-0.5 for rank in range(1, len(shown) + 1)])[0]
    if stream == "20 % wrong" and chance.random() < 0.2:
        return next((id for id in looked if id not in right), None)
    if stream == "told":
        return next((id for id in shown if id in right), min(right))
    return next((id for id in looked if id in right), None)


@dataclass(frozen=True)
class Run:
    """One simulation: the questions in the order in which they were judged, and those that were asked after each."""

    given: JudgedSet
    users: str
    needs: Needs
    judged: list[tuple[str, str, str]]
    """Need, question, document."""
    asked: list[str]

    @classmethod
    def simulate(
        cls, given: JudgedSet, show: Callable[[str], Sequence[str]], stream: str, seed: int, count: int
    ) -> Run:
        chance = random.Random(seed)
        needs = Needs.of(given, chance)
        judged: dict[str, tuple[str, str, str]] = {}
        for asked, (need, query) in enumerate(needs.stream(chance)):
            right = {id for id, grade in given.judged[query].items() if grade > 0}
            document = click(show(query), right, stream, chance)
            if document and query not in judged:
                judged[query] = (need, query, document)
            if len(judged) == count or asked > 100 * count:
                break
        later = [query for _, (_, query) in zip(range(5000), needs.stream(chance), strict=False)]
        return cls(given, stream, needs, list(judged.values()), later)

    def questions(self, count: int) -> dict[str, list[str]]:
        """The questions that are asked after a number of judgements, by kind."""
        needs = dict.fromkeys(need for need, _, _ in self.judged[:count])
        known = {query for _, query, _ in self.judged[:count]}
        later = [query for query in dict.fromkeys(self.asked) if query not in known]
        others = [
            query for need, queries in self.needs.asked.items() if need not in needs for query in queries
        ]
        return {
            "paraphrases": [self.needs.held[need] for need in needs if need in self.needs.held],
            "later": later[:ASKED_LATER],
            "unrelated": random.Random(0).sample(others, min(ASKED_LATER, len(others))),
        }

    def teach(self, count: int, searcher: Searcher) -> tuple[TeachReport, Searcher]:
        """The report, and the searcher that obeys what was kept."""
        judgements = [
            Judgement(self.given.queries[query], document, document, True, when=f"{place:06}")
            for place, (_, query, document) in enumerate(self.judged[:count])
        ]
        located = [LocatedJudgement(judgement, "current") for judgement in judgements]
        report, teaching = learn_teaching(located, [], searcher)
        return report, searcher.with_teaching(teaching)


def values(given: JudgedSet, queries: Sequence[str], searcher: Searcher) -> Values:
    """nDCG@10 of each question."""
    asked = {query: given.queries[query] for query in queries}
    ranker = BatchRanker(searcher, list(asked.values()), 50)
    found = evaluate(asked, given.judged, searcher.snapshot, ranker.rank, ["nDCG@10"])
    return np.array([found.per_query[query]["nDCG@10"] for query in queries])


@dataclass(frozen=True)
class Results:
    """What was measured, a line for each simulation and number of judgements."""

    file: Path

    def read(self) -> list[dict[str, Any]]:
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return [json.loads(line) for line in lines]

    def missing(self, name: str, users: str, seeds: range) -> list[tuple[int, int]]:
        """The seeds and numbers of judgements that are still to be measured."""
        known = {(row["seed"], row["judgements"]) for row in self.rows(name, users)}
        counts = RANDOM_COUNTS if users == "random" else COUNTS
        return [(seed, count) for count in counts for seed in seeds if (seed, count) not in known]

    def rows(self, name: str, users: str) -> list[dict[str, Any]]:
        return [row for row in self.read() if (row["set"], row["users"]) == (name, users)]

    def add(self, row: dict[str, Any]) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def measure(given: JudgedSet, name: str, users: str, seeds: range, results: Results) -> None:
    """Simulate what is missing; fewer judgements than wanted do not count as a result."""
    with searching(given) as searcher:
        show = cache(lambda query: first_documents(given, query, searcher))
        before = cache(lambda query: float(values(given, [query], searcher)[0]))
        simulate = cache(lambda seed: Run.simulate(given, show, users, seed, most_of(users)))
        for seed, count in results.missing(name, users, seeds):
            if len(simulate(seed).judged) >= count:
                row = {"set": name, "users": users, "seed": seed, "judgements": count}
                results.add(row | measure_one(given, simulate(seed), count, searcher, before))


def most_of(users: str) -> int:
    return max(RANDOM_COUNTS if users == "random" else COUNTS)


def measure_one(
    given: JudgedSet, run: Run, count: int, searcher: Searcher, before: Callable[[str], float]
) -> dict[str, Any]:
    """The report of a teaching, and the nDCG@10 of each kind of question without it and with it."""
    report, taught = run.teach(count, searcher)
    row: dict[str, Any] = {"kept": report.kept, "reason": report.reason, "report": report.to_json()}
    for kind, queries in run.questions(count).items() if run.users != "random" else ():
        untaught = [before(query) for query in queries]
        obeying = values(given, queries, taught).tolist() if queries and report.kept else untaught
        row |= {kind: [untaught, obeying]}
    return row


def print_table(name: str, results: Results) -> None:
    """A line for each kind of users and number of judgements."""
    for users in (*STREAMS, "random"):
        rows = results.rows(name, users)
        for count in sorted({row["judgements"] for row in rows}):
            measured = [row for row in rows if row["judgements"] == count]
            kept = f"{sum(row['kept'] for row in measured)} of {len(measured)}"
            cells = [cell([row[kind] for row in measured if kind in row]) for kind in KINDS]
            print("|", " | ".join([name, users, str(count), kept, *cells]), "|")


def first_documents(given: JudgedSet, query: str, searcher: Searcher) -> Sequence[str]:
    """What a question shows without any teaching."""
    text = given.queries[query]
    return rank_documents(searcher.snapshot, BatchRanker(searcher, [text], 50).rank(text))[:SHOWN]


def cell(measured: Sequence[tuple[list[float], list[float]]]) -> str:
    """The mean without a teaching, and the gain with its interval."""
    before = np.array([value for untaught, _ in measured for value in untaught])
    added = np.array([value for _, obeying in measured for value in obeying]) - before
    if not len(before):
        return "none"
    low, high = interval(added)
    return f"{before.mean():.3f} {added.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def open_needs(name: str, folder: Path) -> JudgedSet:
    """A set; nl2bash with every command that has several phrasings, for which no model was tuned here."""
    if name != "nl2bash":
        return open_set(name, folder)
    rows = [
        json.loads(row)
        for part in ("train", "dev", "test")
        for row in (DATA / name / f"{part}.pairs.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    phrasings: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        phrasings[row["positive"]].add(row["anchor"])
    kept = [row for row in rows if len(phrasings[row["positive"]]) > 1]
    with tempfile.TemporaryDirectory() as made:
        pairs = Path(made) / "pairs.jsonl"
        pairs.write_text("".join(f"{json.dumps(row)}\n" for row in kept), encoding="utf-8")
        return open_set("nl2bash_phrasings", folder, pairs=pairs)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--users", nargs="+", choices=STREAMS, default=STREAMS)
    parser.add_argument("--seeds", type=int, default=0, help="how many simulations of each kind of users")
    parser.add_argument("--random", type=int, default=0, help="how many simulations of random clicks")
    parser.add_argument(
        "--first-seed", type=int, default=0, help="the rule of the proof was chosen with 0 to 19"
    )
    parser.add_argument("--table", action="store_true", help="print what was measured")
    given = parser.parse_args()
    results = Results(given.folder / "results.jsonl")
    first = given.first_seed
    wanted = [(users, range(first, first + given.seeds)) for users in given.users]
    wanted += [("random", range(first, first + given.random))]
    for name in given.sets:
        judged_set = open_needs(name, given.folder)
        for users, seeds in wanted:
            if results.missing(name, users, seeds):
                measure(judged_set, name, users, seeds, results)
    if given.table:
        columns = ["set", "users", "judgements", "kept", *KINDS]
        print("|", " | ".join(columns), "|\n|", " | ".join("---" for _ in columns), "|")
        for name in given.sets:
            print_table(name, results)


if __name__ == "__main__":
    main()
