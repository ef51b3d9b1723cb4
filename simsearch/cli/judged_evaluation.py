"""How `simsearch evaluate --judged` reads on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from simsearch.cli.session import Session
from simsearch.errors import RegressionFound
from simsearch.wording import counted

if TYPE_CHECKING:
    from simsearch.judgements.regression import JudgedComparison, JudgedEvaluation

SHOWN = 5


def show_judged(session: Session, against: str | None, fail_if_worse: bool, **overrides: Any) -> None:
    """Evaluate the judged questions and show the result.

    Raises:
        RegressionFound: The index answers worse than before, and `fail_if_worse` is set.
    """
    evaluation, comparison = session.workspace.judgements.evaluate(against, **overrides)
    value = evaluation.to_json() | {"against": asdict(comparison) if comparison else None}
    session.show(value, "\n".join(_describe(evaluation, comparison)))
    if comparison and comparison.worse and fail_if_worse:
        raise RegressionFound(
            f"The index answers the judged questions worse than before: nDCG@10 {comparison.gain:+.3f}, 95 % interval "
            f"{_span(comparison)}. Later evaluations are still compared with the earlier one."
        )


def _describe(evaluation: JudgedEvaluation, comparison: JudgedComparison | None) -> Iterator[str]:
    measures = ", ".join(f"{name} {value:.3f}" for name, value in evaluation.measures.items())
    yield f"{counted(len(evaluation.questions), 'judged question', 'judged questions')}: {measures}"
    if evaluation.missing:
        yield (
            f"{counted(evaluation.missing, 'judgement is', 'judgements are')} left out because the "
            "index doesn't have the document."
        )
    if evaluation.changed:
        yield f"{counted(evaluation.changed, 'judgement was', 'judgements were')} made before the document changed."
    if evaluation.trained:
        known = counted(len(evaluation.trained), "of these questions has", "of these questions have")
        yield f"{known} trained the model, which flatters it."
    if comparison:
        yield from _describe_comparison(comparison)


def _describe_comparison(comparison: JudgedComparison) -> Iterator[str]:
    yield (
        f"Gain on {counted(comparison.questions, 'question', 'questions')}: nDCG@10 "
        f"{comparison.gain:+.3f}, 95 % interval {_span(comparison)}"
    )
    if comparison.left_out:
        left = counted(comparison.left_out, "question", "questions")
        yield f"{left} that trained one of the two models and not the other are left out of it."
    for moved in comparison.moved[:SHOWN]:
        yield f"  {_place(moved.before)} → {_place(moved.now)}  {moved.question}"
    if len(comparison.moved) > SHOWN:
        yield f"  and {counted(len(comparison.moved) - SHOWN, 'more question', 'more questions')} with a changed rank"
    for cause in comparison.causes:
        yield f"Changed since: {cause}"
    if comparison.moved and not comparison.causes:
        yield "Neither the model, the chunker, the settings nor the judged documents changed; other documents did."


def _span(comparison: JudgedComparison) -> str:
    low, high = comparison.interval
    return f"[{low:+.3f}, {high:+.3f}]"


def _place(rank: int | None) -> str:
    return f"rank {rank}" if rank else "not found"
