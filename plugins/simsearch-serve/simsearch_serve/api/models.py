"""GET /api/v1/models: the runs of the workspace, and their reports."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel

from simsearch_serve.api.errors import new_router
from simsearch_serve.resident import Resident

REPORT = "report.html"
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A report is one file with its style, and has no script."""


class RunSummary(BaseModel):
    """What a run gained, on questions that it had never seen.

    Args:
        base: nDCG@10 of the model that it started from.
        tuned: nDCG@10 of the run's model.
        interval: The 95 % interval of the gain.
        promoted: Whether it is the workspace's model.
    """

    run: str
    base: float
    tuned: float
    interval: tuple[float, float]
    promoted: bool
    reason: str


class ModelList(BaseModel):
    """The models of the workspace.

    Args:
        current: What a new index would use.
        base: What `tune` starts from.
        runs: Oldest first.
    """

    current: str
    base: str
    runs: list[RunSummary]


def make_router(resident: Resident) -> APIRouter:
    router = new_router()
    workspace = resident.workspace

    def read_models() -> ModelList:
        runs, promoted = workspace.runs, workspace.runs.promoted()
        summaries = [_summarise(runs.record(name), name == promoted) for name in runs.names()]
        return ModelList(current=workspace.model, base=workspace.settings.tune.base, runs=summaries)

    @router.get("/models")
    async def models() -> ModelList:
        """The runs, what each gained, and which model is in use."""
        return await resident.run_without_index(read_models)

    @router.get("/models/{run}")
    async def record(run: str) -> dict[str, Any]:
        """All that a run recorded."""
        return await resident.run_without_index(lambda: workspace.runs.record(run))

    @router.get("/models/{run}/report", response_class=FileResponse)
    async def report(run: str) -> FileResponse:
        """The report of a run, a page of HTML."""
        path = await resident.run_without_index(lambda: workspace.runs.path(run) / REPORT)
        return FileResponse(path, media_type="text/html", headers={"content-security-policy": REPORT_POLICY})

    return router


def _summarise(record: dict[str, Any], promoted: bool) -> RunSummary:
    return RunSummary(
        run=record["run"],
        base=record["base"]["nDCG@10"],
        tuned=record["tuned"]["nDCG@10"],
        interval=record["interval"],
        promoted=promoted,
        reason=record["reason"],
    )
