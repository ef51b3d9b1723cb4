"""GET and POST /api/v1/search: `simsearch query` with all its options."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from simsearch_serve.api.errors import new_router
from simsearch_serve.api.options import Results, SearchOptions, respond
from simsearch_serve.resident import Resident


class Question(SearchOptions):
    """A question, with the options of `simsearch query`."""

    query: str = Field(description='The question. Words in "double quotes" must be found as they stand.')


def make_router(resident: Resident) -> APIRouter:
    router = new_router()

    async def answer(question: Question) -> Response:
        return respond(await resident.search(question.query, **question.overrides), question.explain)

    @router.get("/search", response_model=Results)
    async def search(question: Annotated[Question, Query()]) -> Response:
        """Search the index."""
        return await answer(question)

    @router.post("/search", response_model=Results)
    async def search_by_body(question: Question) -> Response:
        """Search the index; the question and its options are a JSON object."""
        return await answer(question)

    return router
