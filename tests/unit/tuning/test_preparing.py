"""What is decided before training: scales, and what can't be trained on."""

from pathlib import Path

import pytest

from simsearch import InputError
from simsearch.plugins.registry import Registry
from simsearch.settings import TuneSettings
from simsearch.tuning.pairs.ledger import TestLedger
from simsearch.tuning.preparing import Prepared, prepare

REGISTRY = Registry.load(only=())


def scored(path: Path, scores: list[float], word: str) -> Path:
    rows = "".join(f"{word} ask {n**3},{word} reply {n**5},{score}\n" for n, score in enumerate(scores))
    path.write_text(f"anchor,positive,score\n{rows}")
    return path


def prepared(folder: Path, train: list[float], test: list[float] | None, **tune_settings: object) -> Prepared:
    test_file = scored(folder / "test.csv", test, "other") if test else None
    settings = TuneSettings(**tune_settings)  # type: ignore[arg-type]
    return prepare(
        [scored(folder / "train.csv", train, "some")], test_file, settings, REGISTRY, TestLedger(folder)
    )


def test_a_test_file_is_read_on_the_scale_of_what_trains(tmp_path: Path) -> None:
    stars = prepared(tmp_path, [0, 1, 2, 3, 4, 5] * 4, [0, 2, 4, 4])
    assert [pair.score for pair in stars.parts.test] == pytest.approx([0, 0.4, 0.8, 0.8])
    assert (stars.readings[1].similar, stars.readings[1].dissimilar) == (2, 2)


def test_a_test_file_is_described_on_the_scale_that_judges_it(tmp_path: Path) -> None:
    stars = prepared(tmp_path, [1, 2, 3, 4, 5] * 4, [1, 2, 3, 3])
    judged = [pair.score >= 0.5 for pair in stars.parts.test if pair.score is not None]
    assert (stars.readings[1].similar, stars.readings[1].dissimilar) == (
        judged.count(True),
        judged.count(False),
    )
    assert judged.count(True) == 2


def test_a_scale_that_was_asked_for_is_that_of_the_test_file_too(tmp_path: Path) -> None:
    wide = prepared(tmp_path, [-5, 0, 5, 2] * 6, [-4, 5, 0, 5], scores="given:low=-5,high=5")
    assert [pair.score for pair in wide.parts.test] == pytest.approx([0.1, 1, 0.5, 1])


def test_other_scores_that_were_asked_for_leave_those_of_the_test_file(tmp_path: Path) -> None:
    own = prepared(tmp_path, [0.1, 0.9] * 12, [0, 2, 5, 5], scores="lexical")
    assert [pair.score for pair in own.parts.test] == pytest.approx([0, 0.4, 1, 1])


def test_pairs_of_which_none_is_similar_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none of the pairs to train on is scored 0\.5 or more"):
        prepared(tmp_path, [0.0] * 24, None)
