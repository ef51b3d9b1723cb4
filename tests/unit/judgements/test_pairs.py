"""Judgements as pairs: the earlier ones train, the later ones judge."""

import json
from pathlib import Path

import pytest

from simsearch import InputError
from simsearch.home import Home
from simsearch.judgements.pairs import write_judged_pairs
from simsearch.types import Judgement


def judged(question: str, passage: str, day: int, right: bool = True) -> Judgement:
    return Judgement(question, passage, passage, right, passage, when=f"2026-01-{day:02}T00:00:00Z")


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_latest_questions_judge(tmp_path: Path) -> None:
    written = write_judged_pairs(
        [judged(f"q{day}", f"p{day}", day) for day in (5, 1, 4, 2, 3)], Home(tmp_path)
    )
    assert [row["anchor"] for row in rows(written.train)] == ["q1", "q2", "q3", "q4"]
    assert [row["anchor"] for row in rows(written.test)] == ["q5"]


def test_a_question_is_on_one_side_with_its_wrong_passages(tmp_path: Path) -> None:
    judgements = [judged(f"q{day}", f"p{day}", day) for day in range(1, 9)]
    judgements += [judged("q1", "bad", 2, right=False), judged("Q1 ", "other", 30)]
    written = write_judged_pairs(judgements, Home(tmp_path))
    last = [row for row in rows(written.test) if row["positive"] in ("p1", "other")]
    assert len(last) == 2 and all(row["negatives"] == ["bad"] for row in last)
    assert not any(str(row["anchor"]).strip().lower() == "q1" for row in rows(written.train))


def test_questions_without_a_right_passage_are_counted(tmp_path: Path) -> None:
    judgements = [judged(f"q{day}", f"p{day}", day) for day in range(1, 9)]
    written = write_judged_pairs([*judgements, judged("q9", "p9", 9, right=False)], Home(tmp_path))
    assert written.unanswered == 1
    assert len(rows(written.train)) + len(rows(written.test)) == 8


def test_too_few_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only 1 question has a passage that was judged right"):
        write_judged_pairs([judged("q", "p", 1)], Home(tmp_path))
    assert list(tmp_path.iterdir()) == []
