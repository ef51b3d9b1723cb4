"""Answer with a page: render a template, and tell errors as pages too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from simsearch import SimsearchError
from simsearch.errors import NoIndex
from simsearch_serve.errors import status_of
from simsearch_serve.pages.rendering import render

View = Callable[[Request], Awaitable[Response]]


def page_route(path: str, view: View, methods: Sequence[str] = ("GET",)) -> Route:
    """A route whose errors are pages with one sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await view(request)
        except SimsearchError as error:
            return _tell(error)

    return Route(path, answer, methods=list(methods), include_in_schema=False)


def respond(template: str, status: HTTPStatus = HTTPStatus.OK, **values: Any) -> HTMLResponse:
    """A rendered template as a response."""
    return HTMLResponse(render(template, **values), status)


def _tell(error: SimsearchError) -> Response:
    if isinstance(error, NoIndex):
        return respond("no_index.html", HTTPStatus.SERVICE_UNAVAILABLE)
    return respond("error.html", status_of(error), problem=str(error))
