"""Answer with a page: render a template, and tell errors as pages too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from simsearch import SimsearchError
from simsearch.errors import NoIndex
from simsearch_serve.errors import status_of
from simsearch_serve.pages.rendering import render

View = Callable[[Request], Awaitable[Response]]
Tell = Callable[[Request, Exception], Awaitable[Response]]


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


def tell_http(otherwise: Tell) -> Tell:
    """What tells a browser by a page that there is nothing at an address, or that it can't be asked like this.

    Args:
        otherwise: Tells all others.
    """

    async def tell(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException) or "text/html" not in request.headers.get("accept", ""):
            return await otherwise(request, error)
        path, status = request.url.path, HTTPStatus(error.status_code)
        missing = status == HTTPStatus.NOT_FOUND
        problem = f"There is no page {path} here." if missing else f"{path}: {str(error.detail).lower()}."
        response = respond("error.html", status, problem=problem)
        response.headers.update(error.headers or {})
        return response

    return tell


def _tell(error: SimsearchError) -> Response:
    if isinstance(error, NoIndex):
        return respond("no_index.html", HTTPStatus.SERVICE_UNAVAILABLE)
    return respond("error.html", status_of(error), problem=str(error))
