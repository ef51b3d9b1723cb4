"""GET and POST /api/v1/search: `simsearch query` with all its options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from simsearch.types import Explanation, Hit
from simsearch_serve.resident import Answered, Resident


class Question(BaseModel):
    """A question, with the options of `simsearch query`. What is left out is as the workspace's settings have it."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(description='The question. Words in "double quotes" must be found as they stand.')
    k: int | None = Field(None, ge=1, description="Number of results.")
    mode: Literal["hybrid", "dense", "lexical"] | None = Field(
        None, description="Search by meaning (dense), by words (lexical), or by both."
    )
    where: list[str] | None = Field(
        None, description="Filters that must all hold, such as `language:en and year>=2020`."
    )
    chunks: bool | None = Field(None, description="Every matching chunk, not each document once.")
    fold: bool | None = Field(None, description="Group results that are nearly the same.")
    fusion: Literal["convex", "rrf"] | None = Field(None, description="Method to combine both rankings.")
    weight: float | None = Field(None, ge=0, le=1, description="Weight of the dense score in hybrid mode.")
    rerank: str | None = Field(None, description="One of the rerankers that the server offers.")
    explain: bool = Field(False, description="Explain how the results were found.")

    @property
    def overrides(self) -> Mapping[str, Any]:
        return self.model_dump(exclude={"query", "explain"})


class Coverage(BaseModel):
    """How complete the vectors of the index are; chunks without one are found by their words only."""

    chunks: int
    with_vectors: int


class Results(BaseModel):
    """The hits of a question.

    Args:
        notices: What a person should know about the answer, a sentence each.
    """

    query: str
    hits: list[Hit]
    coverage: Coverage
    notices: list[str]
    explanation: Explanation | None = None

    @classmethod
    def of(cls, query: str, found: Answered, explain: bool) -> Results:
        explanation = found.answer.explanation
        return cls.model_construct(
            query=query,
            hits=list(found.answer.hits),
            coverage=Coverage(chunks=explanation.chunks, with_vectors=explanation.with_vectors),
            notices=list(found.notices),
            explanation=explanation if explain else None,
        )


def make_router(resident: Resident) -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    async def answer(question: Question) -> Response:
        found = await resident.search(question.query, **question.overrides)
        results = Results.of(question.query, found, question.explain)
        return Response(results.model_dump_json(), media_type="application/json")

    @router.get("/search", response_model=Results)
    async def search(question: Annotated[Question, Query()]) -> Response:
        """Search the index."""
        return await answer(question)

    @router.post("/search", response_model=Results)
    async def search_by_body(question: Question) -> Response:
        """Search the index; the question and its options are a JSON object."""
        return await answer(question)

    return router
