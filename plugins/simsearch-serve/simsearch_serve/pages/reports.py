"""/runs/NAME: the report of a run, as tune wrote it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from simsearch.tuning.reporting.page import render_page
from simsearch_serve.pages.responding import page_route
from simsearch_serve.resident import Resident

STYLE_WITHIN = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
"""A report is one file with its style in it. It has no scripts, and none is run."""


def make_routes(resident: Resident) -> list[Route]:
    runs = resident.workspace.runs

    async def show(request: Request) -> Response:
        name = request.path_params["name"]
        page = await resident.run_without_index(lambda: render_page(runs.record(name)))
        return HTMLResponse(page, headers={"content-security-policy": STYLE_WITHIN})

    return [page_route("/runs/{name}", show)]
