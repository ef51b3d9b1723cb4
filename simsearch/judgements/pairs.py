"""Judgements as training pairs: what was judged earlier trains, what was judged later judges."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simsearch.errors import InputError
from simsearch.files import write_atomically
from simsearch.home import Home
from simsearch.near_duplicates import normalise
from simsearch.types import Judgement
from simsearch.wording import counted

LATER_SHARE = 0.2
"""The share of questions, the latest ones, that judge."""


@dataclass(frozen=True, slots=True)
class JudgedPairs:
    """Two files of pairs, and the number of questions that give none because nothing was right for them."""

    train: Path
    test: Path
    unanswered: int


def write_judged_pairs(judgements: Sequence[Judgement], home: Home) -> JudgedPairs:
    """Write the pairs of some judgements: a question with each passage that was right, against those that were wrong.

    Questions keep the order in which they were last judged, so a model is judged on questions that are later than
    those that trained it.

    Args:
        home: Gets both files; older ones are replaced.

    Raises:
        InputError: Too few questions have a passage that was judged right.
    """
    questions: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in sorted(judgements, key=lambda judgement: judgement.when):
        questions[normalise(judgement.question)].append(judgement)
    rows = [pairs for judged in sorted(questions.values(), key=_last_judged) if (pairs := _pairs(judged))]
    later = round(len(rows) * LATER_SHARE)
    if not later or later == len(rows):
        raise InputError(
            "Too few judgements to tune on: only "
            f"{counted(len(rows), 'question has', 'questions have')} a passage that was judged right. Judge more with "
            "`simsearch judge QUESTION PATH`; a few hundred can show a gain."
        )
    train, test = home.earlier_judgements, home.later_judgements
    _write(train, rows[:-later])
    _write(test, rows[-later:])
    return JudgedPairs(train, test, len(questions) - len(rows))


def _last_judged(judged: Sequence[Judgement]) -> str:
    return max(judgement.when for judgement in judged)


def _pairs(judged: Sequence[Judgement]) -> list[dict[str, Any]]:
    """The pairs of one question; none if no passage was right."""
    wrong = [judgement.passage for judgement in judged if not judgement.right and judgement.passage]
    return [
        {"anchor": judgement.question, "positive": judgement.passage}
        | ({"negatives": wrong} if wrong else {})
        | {"judged": judgement.when}
        for judgement in judged
        if judgement.right and judgement.passage
    ]


def _write(path: Path, questions: Sequence[Sequence[dict[str, Any]]]) -> None:
    rows = (json.dumps(row, ensure_ascii=False) + "\n" for pairs in questions for row in pairs)
    write_atomically(path, "".join(rows).encode())
