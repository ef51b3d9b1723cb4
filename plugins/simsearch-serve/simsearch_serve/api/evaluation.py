"""POST /api/v1/evaluate: measure the index on questions with known answers."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import BaseModel, Field

from simsearch.querying.evaluate import Evaluation
from simsearch_serve.api.errors import new_router
from simsearch_serve.api.options import RankingOptions
from simsearch_serve.resident import Resident

MOST_QUESTIONS = 500


class JudgedQuestions(RankingOptions):
    """Questions, and which documents answer them."""

    queries: dict[str, str] = Field(
        max_length=MOST_QUESTIONS, description="The text of each question by its id."
    )
    judgements: dict[str, dict[str, int]] = Field(
        description="The grade of each judged document by its id, by the id of the question; above 0 is relevant."
    )
    measures: str = Field(
        "nDCG@10 R@100 RR",
        max_length=200,
        description="Measures in ir-measures notation, separated by spaces.",
    )


class Measured(BaseModel):
    """The measures of the index.

    Args:
        measures: The mean over the questions by measure, 0 to 1.
        intervals: The 95 % interval of each mean.
        queries: How many questions were judged.
        notices: What a person should know, such as that documents are not in the index.
    """

    measures: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    queries: int
    per_query: Mapping[str, Mapping[str, float]]
    notices: list[str]


def make_router(resident: Resident) -> APIRouter:
    router = new_router()

    @router.post("/evaluate")
    async def evaluate(judged: JudgedQuestions) -> Measured:
        """Ask questions with known answers; documents are ranked by their best chunk."""
        options = judged.model_dump(exclude={"queries", "judgements", "measures"})
        found, notices = await resident.evaluate(
            judged.queries, judged.judgements, judged.measures, **options
        )
        return _as_measured(found, notices)

    return router


def _as_measured(found: Evaluation, notices: tuple[str, ...]) -> Measured:
    return Measured(
        measures=found.measures,
        intervals=found.intervals,
        queries=found.queries,
        per_query=found.per_query,
        notices=list(notices),
    )
