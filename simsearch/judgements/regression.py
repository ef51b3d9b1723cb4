"""Judgements as a regression test: how the index answers them now, compared with an earlier evaluation."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from simsearch.errors import InputError
from simsearch.files import write_atomically
from simsearch.intervals import interval
from simsearch.judgements.documents import LocatedJudgement
from simsearch.models.trained_rows import row_key
from simsearch.querying.evaluate import evaluate_modes
from simsearch.querying.judged_files import Judged
from simsearch.querying.searcher import Searcher
from simsearch.types import Pair

MEASURES = ("nDCG@10", "R@10", "RR")
MAIN = "nDCG@10"


@dataclass(frozen=True, slots=True)
class JudgedEvaluation:
    """How the index answered the judged questions.

    Args:
        when: UTC, as 2026-01-31T12:00:00Z.
        measures: The mean over the questions by measure, 0 to 1.
        questions: nDCG@10 by question, 0 to 1.
        ranks: The rank of the first right document by question, from 1; None if it was not found.
        missing: Judgements whose document the index no longer has; they are left out.
        changed: Judgements whose document has changed since.
        circumstances: What answers depend on: model, chunker, mode, weight and reranker.
        documents: sha256 of the file of each judged document.
        trained: The questions that the model was trained on, so that they say little of it.
    """

    when: str
    measures: Mapping[str, float]
    questions: Mapping[str, float]
    ranks: Mapping[str, int | None]
    missing: int
    changed: int
    circumstances: Mapping[str, str]
    documents: Mapping[str, str]
    trained: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Moved:
    """A question whose first right document moved."""

    question: str
    before: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class JudgedComparison:
    """Two evaluations of the questions that both have, without those that trained one of the two models.

    Args:
        questions: How many they are.
        left_out: How many trained one of the models and not the other.
        gain: The mean difference in nDCG@10.
        interval: Its 95 % interval, by paired bootstrap over questions.
        worse: Whether the interval is below zero.
        moved: Largest changes first.
        causes: What differs between the two, in words.
    """

    questions: int
    left_out: int
    gain: float
    interval: tuple[float, float]
    worse: bool
    moved: tuple[Moved, ...]
    causes: tuple[str, ...]


def evaluate_judged(
    located: Collection[LocatedJudgement], searcher: Searcher, when: str, trained: Set[str]
) -> JudgedEvaluation:
    """Ask every judged question that has a right document in the index.

    Args:
        trained: Keys of the rows that the model was trained on.

    Raises:
        InputError: There is none.
    """
    there = [item for item in located if item.state != "missing"]
    grades: dict[str, dict[str, int]] = {}
    for item in there:
        judgement = item.judgement
        grades.setdefault(judgement.question, {})[judgement.id] = int(judgement.right)
    grades = {question: documents for question, documents in grades.items() if any(documents.values())}
    if not grades:
        raise InputError(
            "No question has a right document in the index. `simsearch judge QUESTION PATH` keeps one."
        )
    judged = Judged({question: question for question in grades}, grades)
    mode = searcher.settings.mode
    found = evaluate_modes(searcher, judged, MEASURES, (mode,))[mode]
    return JudgedEvaluation(
        when=when,
        measures=dict(found.measures),
        questions={question: values[MAIN] for question, values in found.per_query.items()},
        ranks={question: _first_right(found.documents[question], grades[question]) for question in grades},
        missing=len(located) - len(there),
        changed=sum(item.state == "changed" for item in there),
        circumstances=_circumstances(searcher),
        documents=_digests(there, searcher),
        trained=_trained_questions(there, trained),
    )


def compare_evaluations(before: JudgedEvaluation, now: JudgedEvaluation) -> JudgedComparison:
    """What changed on the questions that both have, and that either both models or none were trained on.

    Raises:
        InputError: There is no such question.
    """
    both = [question for question in now.questions if question in before.questions]
    if not both:
        raise InputError("The two evaluations have no question in common.")
    learned = set(before.trained) ^ set(now.trained)
    common = [question for question in both if question not in learned]
    if not common:
        raise InputError(
            "Every question that both evaluations have trained one of the two models, so they can't be compared. "
            "Judge more questions with `simsearch judge`."
        )
    gains = np.array([now.questions[question] - before.questions[question] for question in common])
    low, high = interval(gains)
    order = [common[place] for place in np.argsort(-np.abs(gains), kind="stable")]
    moved = (Moved(question, before.ranks.get(question), now.ranks.get(question)) for question in order)
    return JudgedComparison(
        questions=len(common),
        left_out=len(both) - len(common),
        gain=float(gains.mean()),
        interval=(low, high),
        worse=high < 0,
        moved=tuple(item for item in moved if item.before != item.now),
        causes=tuple(_causes(before, now)),
    )


def read_evaluation(path: Path) -> JudgedEvaluation:
    """An evaluation as `evaluate --judged --format json` prints it.

    Raises:
        InputError: The file is something else.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        names = JudgedEvaluation.__dataclass_fields__
        evaluation = JudgedEvaluation(**{name: values[name] for name in names if name in values})
        evaluation = replace(evaluation, questions={q: float(v) for q, v in evaluation.questions.items()})
        if not all(
            isinstance(getattr(evaluation, name), dict) for name in ("ranks", "circumstances", "documents")
        ):
            raise ValueError
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} is not an evaluation; `simsearch evaluate --judged --format json > FILE` writes one."
        ) from error
    return evaluation


def keep_evaluation(path: Path, evaluation: JudgedEvaluation) -> None:
    """Write an evaluation that `read_evaluation` reads back."""
    write_atomically(path, json.dumps(evaluation.to_json(), ensure_ascii=False, indent=1).encode())


def _trained_questions(located: Collection[LocatedJudgement], trained: Set[str]) -> list[str]:
    """The questions of which a right passage is among the rows."""
    right = (item.judgement for item in located if item.judgement.right and item.judgement.passage)
    return sorted({one.question for one in right if row_key(Pair(one.question, one.passage)) in trained})


def _first_right(documents: Sequence[str], grades: Mapping[str, int]) -> int | None:
    return next((rank for rank, id in enumerate(documents, 1) if grades.get(id)), None)


def _circumstances(searcher: Searcher) -> dict[str, str]:
    identity, settings = searcher.snapshot.identity, searcher.settings
    weight = searcher.weigh("a question of four words")
    return {
        "model": f"{identity.model} ({identity.fingerprint[:12]})",
        "chunker": identity.cut_by,
        "mode": settings.mode,
        "fusion": settings.fusion,
        "dense weight": f"{weight.value:g} ({weight.chosen_by})",
        "reranker": settings.rerank or "none",
    }


def _digests(located: Collection[LocatedJudgement], searcher: Searcher) -> dict[str, str]:
    files = searcher.snapshot.files()
    return {item.judgement.id: files[item.judgement.path].digest for item in located}


def _causes(before: JudgedEvaluation, now: JudgedEvaluation) -> list[str]:
    causes = [
        f"{name}: {before.circumstances.get(name, 'unknown')} → {value}"
        for name, value in now.circumstances.items()
        if value != before.circumstances.get(name, "unknown")
    ]
    changed = sum(before.documents.get(id, digest) != digest for id, digest in now.documents.items())
    if changed:
        causes.append(f"{changed} of the judged documents changed")
    return causes
