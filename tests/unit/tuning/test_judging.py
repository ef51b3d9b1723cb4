"""The judge: its questions, its ranking, its interval, and the gate behind it."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from simsearch.home import Home
from simsearch.tuning.doctor.findings import Finding
from simsearch.tuning.gate import decide, span
from simsearch.tuning.judging.comparison import AgainstPromoted, Comparison
from simsearch.tuning.judging.measures import MAIN, ModelScores, gain_interval, judge, measure, questions_of
from simsearch.tuning.judging.probe import probe_questions
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.types import Pair, Role, Vectors


def one_hot(texts: Sequence[str], role: Role) -> Vectors:
    """Every text with the same first word gets the same vector."""
    words = ["red", "green", "blue", "grey"]
    vectors = np.zeros((len(texts), len(words)), dtype=np.float32)
    for row, text in enumerate(texts):
        vectors[row, words.index(text.split()[0])] = 1
    return vectors


def model_scores(values: Sequence[float]) -> ModelScores:
    return ModelScores({MAIN: np.array(values)}, [[]] * len(values))


def test_a_question_has_all_its_positives() -> None:
    questions = questions_of(
        [Pair("q", "one"), Pair("q", "two"), Pair("r", "two"), Pair("q", "no", score=0.0)]
    )
    assert questions.texts == ("q", "r")
    assert questions.documents == ("one", "two", "no")
    assert questions.relevant == (frozenset({0, 1}), frozenset({1}))


def test_a_model_that_knows_scores_one_and_one_that_does_not_less() -> None:
    known = questions_of([Pair("red ?", "red a"), Pair("blue ?", "blue b"), Pair("green ?", "green c")])
    assert judge(one_hot, known).means() == {"nDCG@10": 1.0, "RR": 1.0, "R@10": 1.0, "R@100": 1.0}
    crossed = questions_of([Pair("red ?", "blue a"), Pair("blue ?", "red b")])
    assert judge(one_hot, crossed).mean("RR") == pytest.approx(0.5)


def test_a_document_that_is_the_question_itself_is_left_out() -> None:
    ring = questions_of([Pair("red 1", "red 2"), Pair("red 2", "red 1")])
    assert judge(one_hot, ring).mean() == 1.0


@given(st.permutations(range(12)), st.integers(0, 11))
def test_measures_are_those_of_the_definition(order: list[int], answer: int) -> None:
    pairs = [Pair("q", f"d{answer}"), *(Pair("other", f"d{i}") for i in range(12))]
    questions = questions_of(pairs)
    number = questions.documents.index(f"d{answer}")
    ranking = [order, list(range(12))]
    place = order.index(number) + 1
    values = measure(ranking, questions).values
    assert values["RR"][0] == pytest.approx(1 / place)
    assert values["nDCG@10"][0] == pytest.approx(1 / np.log2(place + 1) if place <= 10 else 0)
    assert values["R@10"][0] == (place <= 10)


def test_the_interval_covers_the_gain_and_narrows_with_more_questions() -> None:
    random = np.random.default_rng(0)
    widths = []
    for count in (30, 3000):
        gains = random.normal(0.1, 0.2, count)
        low, high = gain_interval(model_scores(np.zeros(count)), model_scores(gains), seed=0)
        assert low < gains.mean() < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 5


@pytest.mark.parametrize("count", [5, 13, 400])
def test_the_interval_is_as_wide_as_few_questions_ask_for(count: int) -> None:
    gains = np.random.default_rng(3).normal(0.05, 0.2, count)
    low, high = gain_interval(model_scores(np.zeros(count)), model_scores(gains), seed=0)
    by_student = scipy.stats.t.interval(0.95, count - 1, gains.mean(), scipy.stats.sem(gains))
    assert high - low == pytest.approx(by_student[1] - by_student[0], rel=0.15)


def test_one_question_tells_nothing() -> None:
    assert gain_interval(model_scores([0.1]), model_scores([0.9]), seed=0) == (-1, 1)


def test_each_look_widens_the_interval() -> None:
    gains = np.random.default_rng(0).normal(0.1, 0.2, 50)
    spans = [gain_interval(model_scores(np.zeros(50)), model_scores(gains), 0, looks) for looks in (1, 2, 20)]
    assert spans[0][0] > spans[1][0] > spans[2][0]
    assert spans[0][1] < spans[1][1] < spans[2][1]
    assert "95 % interval for 2 evaluations" in span(
        Comparison(**{**SURE, "baselines": {}, "evaluations": 2})
    )


def test_the_interval_is_of_95_percent_over_all_questions() -> None:
    gains = np.random.default_rng(0).normal(0.1, 0.2, 3000)
    low, high = gain_interval(model_scores(np.zeros(3000)), model_scores(gains), seed=0)
    error = gains.std() / np.sqrt(3000)
    assert [(gains.mean() - low) / error, (high - gains.mean()) / error] == pytest.approx(
        [1.96, 1.96], rel=0.05
    )
    assert gain_interval(model_scores([0, 0]), model_scores([0, 1]), seed=0) == (0, 1)


BASE, BETTER = model_scores([0.5, 0.5]), model_scores([0.7, 0.7])
SURE = {
    "base": BASE,
    "tuned": BETTER,
    "evaluations": 1,
    "interval": (0.1, 0.3),
    "against_promoted": None,
    "as_trained": None,
    "base_on_held": None,
    "probe": (BASE, BASE),
}


@pytest.mark.parametrize(
    ("changes", "doubt", "wish", "expected", "said"),
    [
        ({}, None, "auto", True, "better than the base"),
        ({"interval": (-0.1, 0.5)}, None, "auto", False, "may be chance"),
        ({"tuned": BASE, "interval": (-0.1, 0.1)}, None, "auto", False, "not better than the base"),
        (
            {"against_promoted": AgainstPromoted(BETTER, model_scores([0.9, 0.9]))},
            None,
            "auto",
            False,
            "worse than the promoted model",
        ),
        (
            {"against_promoted": AgainstPromoted(BETTER, model_scores([0.6, 0.6]))},
            None,
            "auto",
            True,
            "better than the base",
        ),
        ({"probe": (BETTER, BASE)}, None, "auto", False, "it forgot"),
        ({}, "The dev set says no", "auto", False, "The dev set says no. Look at"),
        ({"tuned": BASE, "interval": (-0.1, 0.1)}, None, "always", True, "although it is not better"),
        ({}, None, "never", False, "never is set"),
    ],
)
def test_the_gate(changes: dict[str, Any], doubt: str | None, wish: Any, expected: bool, said: str) -> None:
    verdict = decide(Comparison(**{**SURE, "baselines": {}, **changes}), doubt, 0.02, [], wish)
    assert verdict.promoted is expected
    assert said in verdict.reason


def test_a_gain_on_what_was_trained_on_proves_nothing() -> None:
    assert decide(Comparison(**{**SURE, "baselines": {}}), None, 0.1, [], "auto").promoted
    verdict = decide(Comparison(**{**SURE, "baselines": {}}), None, 0.11, [], "auto")
    assert not verdict.promoted
    assert "11% of the test pairs" in verdict.reason


def test_a_gain_by_scores_that_the_base_contradicts_proves_nothing() -> None:
    doubt = Finding("The scores look swapped", (), "So does the test.", "Nothing is promoted.", decisive=True)
    verdict = decide(Comparison(**{**SURE, "baselines": {}}), None, 0.0, [doubt], "auto")
    assert not verdict.promoted
    assert "The scores look swapped" in verdict.reason
    hint = replace(doubt, decisive=False)
    assert decide(Comparison(**{**SURE, "baselines": {}}), None, 0.0, [hint], "auto").promoted


def test_the_probe_is_whole() -> None:
    questions = probe_questions()
    assert len(questions.texts) == len(questions.documents) >= 50


def test_the_ledger_remembers_rows_and_counts_looks(tmp_path: Path) -> None:
    part = [Pair("What is it?", "A thing"), Pair("Who?", "Me")]
    TestLedger(tmp_path).record(part)
    again = TestLedger(tmp_path)
    assert again.evaluations(part[::-1]) == 1
    assert again.tested(Pair("what  IS it?", "a thing"))
    assert not again.tested(Pair("What is it?", "Me"))


def test_looks_at_one_time_are_all_kept(tmp_path: Path) -> None:
    one, other = TestLedger(tmp_path), TestLedger(tmp_path)
    first, second = [Pair("What is it?", "A thing")], [Pair("Who?", "Me")]
    one.record(first)
    other.record(second)
    other.record(first)
    again = TestLedger(tmp_path)
    assert again.tested(first[0]) and again.tested(second[0])
    assert (again.evaluations(first), again.evaluations(second)) == (other.evaluations(first), 1) == (2, 1)


@given(st.integers(1, 200))
def test_a_look_cut_short_takes_no_other_with_it(lost: int) -> None:
    part = [Pair("What is it?", "A thing"), Pair("Who?", "Me")]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        TestLedger(home).record(part)
        evaluations = Home(home).evaluations
        evaluations.write_bytes(evaluations.read_bytes()[:-lost])
        TestLedger(home).record(part[:1])
        again = TestLedger(home)
        assert again.tested(part[0]) and again.evaluations(part[:1]) == 1
