"""GET /api/v1/status: what `simsearch status` shows."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter

from simsearch.status import Status
from simsearch_serve.api.errors import new_router
from simsearch_serve.resident import Resident


def make_router(resident: Resident) -> APIRouter:
    router = new_router()
    adapter = TypeAdapter(Status)

    @router.get("/status", response_model=Status)
    async def status() -> Any:
        """The model, the index, how much it holds and how current it is."""
        found = await resident.run_without_index(resident.workspace.status)
        return Response(adapter.dump_json(found), media_type="application/json")

    return router
