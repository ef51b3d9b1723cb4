"""GET /api/v1/metrics: what the server counts, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from simsearch_serve.api.errors import new_router
from simsearch_serve.metrics import Metrics


def make_router(metrics: Metrics) -> APIRouter:
    router = new_router()

    @router.get("/metrics", response_class=PlainTextResponse)
    async def read() -> PlainTextResponse:
        """Requests by route and status, how long they take, and how many are waiting."""
        return PlainTextResponse(metrics.render(), media_type=CONTENT_TYPE_LATEST)

    return router
