"""The built-in score generators and splitters on data that hypothesis makes up."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch import Pair
from simsearch.plugins.registry import Registry
from simsearch.testing import Contract, ScoreGeneratorContract, SplitterContract
from simsearch.testing.examples import PairsExample

REGISTRY = Registry.load(only=())
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30).filter(str.strip)
SCORES = st.floats(0, 1)
COLUMNS = {
    "split": st.sampled_from(["train", "dev", "test", "Validation"]),
    "label": st.sampled_from(["yes", "no"]),
    "group": TEXTS | st.integers(0, 3),
}
GAPS = {**COLUMNS, "split": COLUMNS["split"] | st.just(""), "label": COLUMNS["label"] | st.none()}


def examples(
    scores: st.SearchStrategy[Any], columns: st.SearchStrategy[Any]
) -> st.SearchStrategy[PairsExample]:
    pair = st.builds(
        Pair,
        anchor=TEXTS,
        positive=TEXTS,
        negatives=st.lists(TEXTS, max_size=2).map(tuple),
        score=scores,
        columns=columns,
        source=st.just("made-up.csv"),
        row=st.integers(1, 999),
    )
    return st.builds(
        PairsExample,
        pairs=st.lists(pair, max_size=25).map(tuple),
        seed=st.integers(0, 2**32 - 1),
        refusable=st.just(True),
    )


# A single gap is reason enough to refuse all pairs, so half of the examples have none.
EXAMPLES = examples(SCORES, st.fixed_dictionaries(COLUMNS)) | examples(
    st.none() | SCORES, st.fixed_dictionaries({}, optional=GAPS)
)
NUMBERS = st.floats(0, 1).map(lambda share: round(share, 4))


def holds(contract: Contract[object, PairsExample], example: PairsExample) -> None:
    contract.examples = lambda: [example]  # type: ignore[method-assign]
    contract.verify()


@pytest.mark.parametrize(
    "spec", ["given", "constant", "constant:value=0", "random", "gaussian", "gaussian:deviation=9", "lexical"]
)
@given(example=EXAMPLES)
@settings(max_examples=30)
def test_score_generators(spec: str, example: PairsExample) -> None:
    holds(ScoreGeneratorContract.of(spec, REGISTRY), example)  # type: ignore[arg-type]


@given(example=EXAMPLES, mean=NUMBERS, scaling=st.floats(1, 1e6))
def test_random_scores_stay_within_bounds_wherever_they_may_be_asked_for(
    example: PairsExample, mean: float, scaling: float
) -> None:
    half = 0.5 / scaling
    if half <= mean <= 1 - half:
        holds(ScoreGeneratorContract.of(f"random:mean={mean},scaling={scaling}", REGISTRY), example)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "spec",
    [
        "grouped",
        "grouped:by=group",
        "random",
        "random:dev=0.3",
        "column",
        "stratified",
        "stratified:by=score",
    ],
)
@given(example=EXAMPLES)
@settings(max_examples=30)
def test_splitters(spec: str, example: PairsExample) -> None:
    holds(SplitterContract.of(spec, REGISTRY), example)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["grouped", "random", "stratified"])
@given(example=EXAMPLES, test=NUMBERS, dev=NUMBERS)
@settings(max_examples=30)
def test_splitters_take_any_shares_that_leave_some_to_train_on(
    name: str, example: PairsExample, test: float, dev: float
) -> None:
    if test + dev < 1 and not math.isclose(test + dev, 1):
        holds(SplitterContract.of(f"{name}:test={test},dev={dev}", REGISTRY), example)  # type: ignore[arg-type]
