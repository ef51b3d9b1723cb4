"""Ratings of several people: aggregated as said, and refused where they can't be trusted."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simsearch_human_scores.agreement import krippendorff_alpha, weigh

from simsearch import InputError, Pair
from simsearch.plugins.registry import Registry
from simsearch.testing import ScoreGeneratorContract

REGISTRY = Registry.load(only=["simsearch-human-scores"])
PAIRS = [Pair(f"question {i}", f"answer {i}", source="pairs.csv", row=i + 2) for i in range(4)]


def rater(path: Path, scores: list[object]) -> Path:
    rows = [f"{score},answer {i},question {i}" for i, score in enumerate(scores) if score is not None]
    path.write_text("\n".join(["score,positive,anchor", *rows]), encoding="utf-8")
    return path


@pytest.fixture
def two(tmp_path: Path) -> str:
    anna = rater(tmp_path / "anna.csv", [1, 2, 5, 5])
    ben = rater(tmp_path / "ben.csv", [1, 4, 5, None])
    return f'raters:files="{anna},{ben}",low=1,high=5'


def scores(spec: str, pairs: list[Pair] = PAIRS) -> list[float]:
    return REGISTRY.score_generator(spec).value(pairs, np.random.default_rng(0)).tolist()


def test_the_contract_is_kept_on_rated_pairs(two: str) -> None:
    contract = ScoreGeneratorContract.of(two, REGISTRY)
    example = replace(next(iter(contract.examples())), pairs=tuple(PAIRS))
    contract.examples = lambda: [example]  # type: ignore[method-assign]
    contract.verify()


def test_a_score_is_the_mean_of_the_ratings_brought_to_0_and_1(two: str) -> None:
    assert scores(two) == [0, 0.5, 1, 1]


def test_the_median_is_there_too(tmp_path: Path) -> None:
    files = [rater(tmp_path / f"{i}.csv", [score]) for i, score in enumerate((0, 0.25, 1))]
    assert scores(f'raters:files="{",".join(map(str, files))}",aggregate=median', PAIRS[:1]) == [0.25]


def test_too_few_ratings_are_named_with_file_and_row(two: str) -> None:
    with pytest.raises(
        InputError, match=r"pairs.csv, row 5: 1 raters scored 'question 3' with 'answer 3', but 2 are needed"
    ):
        scores(f"{two},least=2")
    with pytest.raises(InputError, match="0 raters scored 'question 0' with 'a negative'"):
        scores(two, [replace(PAIRS[0], positive="a negative")])


def test_too_little_agreement_stops_the_run(two: str, tmp_path: Path) -> None:
    assert scores(f"{two},agreement=0.8") == [0, 0.5, 1, 1]
    rater(tmp_path / "ben.csv", [5, 4, 1, 1])
    with pytest.raises(InputError, match=r"The raters agree too little: Krippendorff's alpha is -0\.\d+"):
        scores(f"{two},agreement=0")


def test_what_raters_are_divided_on_says_less(two: str) -> None:
    plain, weighed = scores(two), scores(f"{two},weighed=true")
    assert [weighed[i] for i in (0, 2, 3)] == pytest.approx([plain[i] for i in (0, 2, 3)])
    assert abs(weighed[1] - np.mean(plain)) < abs(plain[1] - np.mean(plain))


UNITS = st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=4), min_size=1, max_size=9)


@given(UNITS)
def test_a_weighed_score_lies_between_itself_and_the_mean(units: list[list[float]]) -> None:
    plain = [float(np.mean(unit)) for unit in units]
    middle = np.mean(plain)
    for before, after in zip(plain, weigh(plain, units), strict=True):
        assert min(before, middle) - 1e-9 <= after <= max(before, middle) + 1e-9


def test_alpha_of_a_case_worked_by_hand() -> None:
    # two units (1, 2) and (3, 3): observed 2/4; expected 22/12; alpha = 1 - 0.5 / (22 / 12)
    assert krippendorff_alpha([[1, 2], [3, 3], [9]]) == pytest.approx(1 - 6 / 22)
    assert krippendorff_alpha([[1], [2]]) is None
    assert krippendorff_alpha([[1, 1], [1, 1]]) is None


@given(st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=4), max_size=9), st.integers(2, 9))
def test_alpha_is_at_most_1_and_knows_no_scale(units: list[list[int]], factor: int) -> None:
    alpha = krippendorff_alpha(units)
    assert alpha is None or alpha <= 1
    other = krippendorff_alpha([[factor * value - 3 for value in unit] for unit in units])
    assert other == (None if alpha is None else pytest.approx(alpha))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("anchor,positive\na,b", "has no column 'score'; its columns are: anchor, positive"),
        ("", "has no column 'anchor'; its columns are: none"),
        ("anchor,positive,score\na,b,high", "row 2: the score is 'high', which is not a number"),
        ("anchor,positive,score\na,b,nan", "row 2: the score nan is outside 0 to 1"),
        ("anchor,positive,score\na,b,1\na,b,0", "row 3: the pair is rated twice by one rater"),
        ("anchor,positive,score\na,b", "row 2: the score is '', which is not a number"),
    ],
)
def test_a_bad_file_is_named_with_its_row(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "anna.csv").write_text(text)
    with pytest.raises(InputError, match=reason):
        REGISTRY.score_generator(f'raters:files="{tmp_path / "anna.csv"}"')


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InputError, match=r"The ratings in absent.csv can't be read"):
        REGISTRY.score_generator("raters:files=absent.csv")
