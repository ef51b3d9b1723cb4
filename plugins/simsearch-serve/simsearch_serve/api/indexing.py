"""/api/v1/index: index the known folders again. Only a server that was started with --write has it."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from simsearch_serve.api.errors import new_router
from simsearch_serve.index_run import IndexRun
from simsearch_serve.resident import Resident


class RunState(BaseModel):
    """The run of `simsearch index` that this process started.

    Args:
        report: What the last run that ended did, as `simsearch index --format json` prints it.
        error: Why the last run failed; empty if it did not.
    """

    state: Literal["idle", "running"]
    report: dict[str, Any] | None = None
    error: str = ""


def make_router(resident: Resident) -> APIRouter:
    router = new_router()
    if not resident.writable:
        return router
    run = IndexRun(resident.workspace.folder)

    def describe() -> RunState:
        return RunState(state="running" if run.running else "idle", report=run.report, error=run.error)

    @router.get("/index")
    async def state() -> RunState:
        """Whether a run goes on, and what the last one did."""
        return describe()

    @router.post("/index", status_code=202)
    async def start() -> RunState:
        """Start `simsearch index` with the folders and files that are indexed; nothing if a run goes on."""
        status = await resident.run_without_index(resident.workspace.status)
        run.start([root.root for root in status.roots])
        return describe()

    return router
