"""What the server counts: requests by route and status, how long they take, and how many are waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The metrics of one process, or of all that share a folder.

    Args:
        waiting: Counts the requests that are answered or wait.
        folder: Where the processes of one server keep their metrics; None if there is one process.
    """

    def __init__(self, waiting: Callable[[], int], folder: Path | None = None) -> None:
        own = CollectorRegistry()
        self._seconds = Histogram(
            "simsearch_request_seconds",
            "Seconds until a request was answered",
            ("route", "status"),
            buckets=SECONDS,
            registry=own,
        )
        gauge = Gauge(
            "simsearch_waiting_requests",
            "Requests that are answered or wait",
            multiprocess_mode="livesum",
            registry=own,
        )
        self._update: Callable[[], None] = lambda: gauge.set(waiting())
        self._registry = CollectorRegistry() if folder else own
        if folder:
            MultiProcessCollector(self._registry, str(folder))  # type: ignore[no-untyped-call]

    def observe(self, route: str, status: int, seconds: float) -> None:
        self._seconds.labels(route, str(status)).observe(seconds)
        self._update()

    def render(self) -> bytes:
        """All metrics, in the text format of Prometheus."""
        self._update()
        rendered: bytes = generate_latest(self._registry)
        return rendered


class Measured:
    """ASGI middleware that measures every request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            self._metrics.observe(_route(scope), status, time.perf_counter() - began)


def _route(scope: Scope) -> str:
    """The route's own path, so that what clients type makes no new metric."""
    return getattr(scope.get("route"), "path", "other")
