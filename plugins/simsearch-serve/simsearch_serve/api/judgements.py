"""/api/v1/judgements: what people said was right or wrong. Only a server that was started with --write keeps any."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from simsearch.types import Judgement
from simsearch_serve.api.errors import new_router
from simsearch_serve.resident import Resident


class Verdict(BaseModel):
    """A person's verdict on a document for a question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=4000)
    document: str = Field(min_length=1, max_length=4096, description="A path or the id of a document.")
    line: int | None = Field(
        None,
        ge=1,
        description="A line of the passage that is meant; without it, the chunk nearest to the question.",
    )
    right: bool = Field(True, description="Whether the document answers the question.")
    note: str = Field("", max_length=4000, description="Why.")
    by: str | None = Field(None, max_length=200, description="Who says so; by default the setting use.name.")


class Withdrawal(BaseModel):
    """The verdicts on a document for a question, to be taken back."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=4000)
    document: str = Field(min_length=1, max_length=4096)


class Withdrawn(BaseModel):
    """Whether there was something to take back."""

    removed: bool


def make_router(resident: Resident) -> APIRouter:
    router = new_router()
    judgements = resident.workspace.judgements

    @router.get("/judgements")
    async def read() -> list[Judgement]:
        """The judgements that count."""
        found = await resident.run_without_index(judgements.read)
        return list(found.judgements)

    if not resident.writable:
        return router

    @router.post("/judgements", status_code=201)
    async def add(verdict: Verdict) -> Judgement:
        """Keep that a document is right or wrong for a question."""
        return await resident.run_without_index(partial(judgements.add, **verdict.model_dump()))

    @router.post("/judgements/withdraw")
    async def withdraw(withdrawal: Withdrawal) -> Withdrawn:
        """Take back what was said about a document for a question."""
        removed = partial(judgements.remove, withdrawal.question, withdrawal.document)
        return Withdrawn(removed=await resident.run_without_index(removed))

    return router
