"""Thirty runs on bad data: each must end in "not promoted", a refusal, or a gain that fresh rows confirm.

    python benchmarks/bad_data.py                   the table, as Markdown
    python benchmarks/bad_data.py --only shuffled --seed 3
    python benchmarks/bad_data.py --quick           by a linear map alone, without training
    python benchmarks/bad_data.py --epochs 1        fewer epochs than a user gets

A promoted model is measured again on correct rows that the run has never seen. `held` says whether the promise was
kept: nothing promoted, or a gain on fresh rows whose whole 95 % interval is above zero.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
COUNT = 120
FRESH = 400
FRESH_SCORED = 150
Row = dict[str, Any]
CYRILLIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувшхыз")


@dataclass(frozen=True)
class Case:
    """Bad data, and how it is tuned on."""

    name: str
    seeds: int
    make: Callable[[np.random.Generator], list[Row]]
    tune_settings: dict[str, Any]
    fresh: Callable[[Sequence[Row]], list[Row]]


def read(name: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def commands(random: np.random.Generator, count: int = COUNT) -> list[Row]:
    rows = read("nl2bash/train.pairs.jsonl")
    return [rows[row] for row in random.choice(len(rows), count, replace=False)]


def shuffled(random: np.random.Generator, share: float = 1.0) -> list[Row]:
    """The positives of a share of the rows change places."""
    rows = commands(random)
    wrong = random.permutation(len(rows))[: round(share * len(rows))]
    moved = np.roll(wrong, 1)
    others = {int(row): rows[other]["positive"] for row, other in zip(wrong, moved, strict=True)}
    return [{**row, "positive": others.get(i, row["positive"])} for i, row in enumerate(rows)]


def swapped_scores(random: np.random.Generator) -> list[Row]:
    rows = scored()[FRESH_SCORED:]
    return [{**rows[row], "score": 1 - rows[row]["score"]} for row in random.permutation(len(rows))]


def scored() -> list[Row]:
    """The scored pairs by what they lead to, so that no text stands both before and after FRESH_SCORED."""
    rows = sorted(read("covid_faq/pairs.jsonl"), key=lambda row: row["positive"])
    return [row for row in rows if row["positive"] != rows[FRESH_SCORED]["positive"]]


def right_commands(rows: Sequence[Row]) -> list[Row]:
    """Rows of the file's own test part that share no text with those."""
    seen = {str(text) for row in rows for text in row.values()}
    fresh = [row for row in read("nl2bash/test.pairs.jsonl") if not seen & {row["anchor"], row["positive"]}]
    return fresh[:FRESH]


def repeated(random: np.random.Generator) -> list[Row]:
    return commands(random, 1) * COUNT


def one_question(random: np.random.Generator) -> list[Row]:
    return [{**row, "anchor": "how do I do this"} for row in commands(random)]


def other_script(row: Row) -> Row:
    return {key: value.translate(CYRILLIC) for key, value in row.items()}


def noise(random: np.random.Generator) -> list[Row]:
    """Words of the file in any order on either side."""
    words = sorted(
        {word for row in commands(random) for word in f"{row['anchor']} {row['positive']}".split()}
    )
    return [
        {side: " ".join(random.choice(words, 8)) for side in ("anchor", "positive")} for _ in range(COUNT)
    ]


def turned(random: np.random.Generator) -> list[Row]:
    return [{"anchor": row["positive"], "positive": row["anchor"]} for row in commands(random)]


def equal_sides(random: np.random.Generator) -> list[Row]:
    return [{**row, "positive": row["anchor"]} for row in commands(random)]


def constant_scores(random: np.random.Generator) -> list[Row]:
    return [{**row, "score": 0.9} for row in commands(random)]


def leaking(random: np.random.Generator) -> list[Row]:
    """Sixty wrong pairs, each four times with another ending: a random split has each on both sides."""
    rows = shuffled(random)[: COUNT // 4]
    return [
        {"anchor": row["anchor"] + ending, "positive": row["positive"]}
        for row in rows
        for ending in ("", ".", " please", " now")
    ]


def labels_in_words(random: np.random.Generator) -> list[Row]:
    """Two thirds of the pairs are wrong, and a label says so in words."""
    rows = shuffled(random, 2 / 3)
    right = {(row["anchor"], row["positive"]) for row in read("nl2bash/train.pairs.jsonl")}
    return [{**row, "label": "yes" if (row["anchor"], row["positive"]) in right else "no"} for row in rows]


def labels_under_another_name(random: np.random.Generator) -> list[Row]:
    return [
        {"checked" if name == "label" else name: row[name] for name in row} for row in labels_in_words(random)
    ]


def labels_in_the_wrong_column(random: np.random.Generator) -> list[Row]:
    """The answers and the labels have changed places."""
    return [
        {"question": row["anchor"], "answer": row["label"], "label": row["positive"]}
        for row in labels_in_words(random)
    ]


def ids_as_texts(random: np.random.Generator) -> list[Row]:
    return [
        {"anchor": f"q{one}", "positive": f"doc-{other}"}
        for one, other in zip(random.permutation(COUNT), random.permutation(COUNT), strict=True)
    ]


def ids_as_positives(random: np.random.Generator) -> list[Row]:
    return [{**row, "positive": f"doc-{i}"} for i, row in enumerate(commands(random))]


def numbers_as_positives(random: np.random.Generator) -> list[Row]:
    return [{**row, "positive": str(random.integers(10_000))} for row in commands(random)]


def right_in_another_script(rows: Sequence[Row]) -> list[Row]:
    return [other_script(row) for row in right_commands(())]


def right_turned(rows: Sequence[Row]) -> list[Row]:
    return [{"anchor": row["positive"], "positive": row["anchor"]} for row in right_commands(())]


def right_scores(rows: Sequence[Row]) -> list[Row]:
    return scored()[:FRESH_SCORED]


CASES = [
    Case("shuffled", 4, shuffled, {}, right_commands),
    Case("half shuffled", 2, lambda random: shuffled(random, 0.5), {}, right_commands),
    Case("swapped scores", 2, swapped_scores, {}, right_scores),
    Case("30 pairs", 3, lambda random: commands(random, 30), {}, right_commands),
    Case("one repeated pair", 1, repeated, {}, right_commands),
    Case("one question for all", 1, one_question, {}, right_commands),
    Case(
        "another script",
        2,
        lambda random: [other_script(row) for row in commands(random)],
        {},
        right_in_another_script,
    ),
    Case("noise", 1, noise, {}, right_commands),
    Case("sides the wrong way round", 1, turned, {}, right_turned),
    Case("sides equal", 1, equal_sides, {}, right_commands),
    Case("one score for all, cosent", 1, constant_scores, {"loss": "cosent"}, right_commands),
    Case("labels in words", 3, labels_in_words, {}, right_commands),
    Case("labels in words under another name", 1, labels_under_another_name, {}, right_commands),
    Case("labels in the wrong column", 2, labels_in_the_wrong_column, {}, right_commands),
    Case("ids as texts", 2, ids_as_texts, {}, right_commands),
    Case("ids as positives", 1, ids_as_positives, {}, right_commands),
    Case("numbers as positives", 1, numbers_as_positives, {}, right_commands),
    Case("leak, random split", 1, leaking, {"split": "random:dev=0.1"}, right_commands),
]


def run(case: Case, seed: int, quick: bool, epochs: int | None) -> str:
    """A row of the table."""
    from simsearch import InputError, Workspace

    with tempfile.TemporaryDirectory() as folder:
        rows = case.make(np.random.default_rng(seed))
        file = Path(folder, "pairs.jsonl")
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        workspace = Workspace(folder)
        try:
            report = workspace.tune(file, epochs=epochs, seed=seed, quick=quick, **case.tune_settings)
        except InputError as error:
            return f"| {case.name} | {seed} | | refused: {str(error).partition('. ')[0][:160]} | | yes |"
        low, high = report.interval
        claimed = f"{report.gain['nDCG@10']:+.3f} [{low:+.3f}, {high:+.3f}]"
        if not report.promoted:
            return f"| {case.name} | {seed} | {claimed} | not promoted: {report.reason[:160]} | | yes |"
        again = measured_again(workspace, rows, case)
        held = "yes" if again[1] > 0 else "NO"
        return (
            f"| {case.name} | {seed} | {claimed} | promoted | {again[0]:+.3f} [{again[1]:+.3f}, {again[2]:+.3f}] "
            f"| {held} |"
        )


def measured_again(workspace: Any, rows: Sequence[Row], case: Case) -> tuple[float, float, float]:
    """The gain of the promoted model on fresh rows, with its interval."""
    from simsearch import Pair
    from simsearch.tuning.judging.measures import gain_interval, judge, questions_of

    fresh = case.fresh(rows)
    questions = questions_of([Pair(row["anchor"], row["positive"], score=row.get("score")) for row in fresh])
    base, tuned = (
        judge(workspace.models.load(name).encode, questions)
        for name in (workspace.settings.tune.base, workspace.model)
    )
    return tuned.mean() - base.mean(), *gain_interval(base, tuned, 0)


def table(
    names: Sequence[str], seeds: Sequence[int] | None, quick: bool, epochs: int | None
) -> Iterator[str]:
    yield "| data | seed | gain claimed [95 %] | verdict | gain on fresh rows [95 %] | held |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for case in CASES:
        wanted = not names or case.name in names
        for seed in range(case.seeds) if wanted and not seeds else seeds if wanted else ():
            yield run(case, seed, quick, epochs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[], choices=[case.name for case in CASES])
    parser.add_argument("--seed", action="append", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--epochs", type=int, help="by default those that the plan chooses")
    words = parser.parse_args()
    for row in table(words.only, words.seed, words.quick, words.epochs):
        print(row, flush=True)


if __name__ == "__main__":
    main()
