"""GET /api/v1/health: whether the server answers."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from simsearch_serve.api.errors import new_router
from simsearch_serve.resident import Resident


class Health(BaseModel):
    """Says that the process answers requests; nothing about the index."""

    status: Literal["ok"] = "ok"


def make_router(resident: Resident) -> APIRouter:
    router = new_router()

    @router.get("/health")
    async def health() -> Health:
        """Whether the server answers. Needs no token."""
        return Health()

    return router
