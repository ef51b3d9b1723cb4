"""/status: the index, what was not read, and the models."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simsearch.indexing import Skipped
from simsearch.querying.legibility import describe_legibility
from simsearch_serve.pages.responding import page_route, respond
from simsearch_serve.pages.runs import read_runs
from simsearch_serve.resident import Resident

MOST_LISTED = 200
"""Files of each list; how many others there are is told."""


def make_routes(resident: Resident) -> list[Route]:
    workspace = resident.workspace

    def read() -> dict[str, Any]:
        status = workspace.status()
        return {
            "found": status,
            "runs": read_runs(workspace),
            "base": workspace.settings.tune.base,
            "notices": [(notice.path, notice.notice) for notice in workspace.notices()],
            "missing": workspace.missing(),
            "skipped": [(skipped.path, _reason(skipped)) for skipped in workspace.skipped()],
            "languages": describe_legibility(status.legibility, status.index_model or "")
            if status.legibility
            else (),
            "most": MOST_LISTED,
        }

    async def show(request: Request) -> Response:
        return respond("status.html", **await resident.run_without_index(read))

    return [page_route("/status", show)]


def _reason(skipped: Skipped) -> str:
    return f"{skipped.reason} ({skipped.files:,} files)" if skipped.files > 1 else skipped.reason
