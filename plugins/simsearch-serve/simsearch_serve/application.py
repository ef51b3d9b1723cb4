"""Put the application together: the JSON API, the page where it is installed, and what guards both."""

from __future__ import annotations

import importlib.util
import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from simsearch import SimsearchError, Workspace, __version__
from simsearch_serve.agents import agent_routes
from simsearch_serve.api import routers
from simsearch_serve.errors import respond, status_of
from simsearch_serve.limits import Limited
from simsearch_serve.metrics import Measured, Metrics
from simsearch_serve.options import ServeOptions
from simsearch_serve.resident import Resident
from simsearch_serve.security import Guard

_LOG = logging.getLogger("simsearch_serve")


def create_application(options: ServeOptions) -> ASGIApp:
    """The application of one process."""
    resident = Resident(
        Workspace(options.folder), options.limits, writable=options.writable, rerankers=options.rerankers
    )
    metrics = Metrics(lambda: resident.waiting, options.metrics)
    application = _make_routes(resident, metrics)
    return Guard(Measured(Limited(application, options.limits), metrics), options)


def _make_routes(resident: Resident, metrics: Metrics) -> FastAPI:
    # FastAPI's own pages of documentation load scripts from other hosts.
    application = FastAPI(
        title="simsearch",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    for router in routers(resident, metrics):
        application.include_router(router)
    application.router.routes.extend(agent_routes(resident))
    if importlib.util.find_spec("simsearch_serve.pages"):
        from simsearch_serve import pages

        application.router.routes.extend(pages.routes(resident))
        application.add_exception_handler(HTTPException, pages.tell_http(otherwise=_tell_http))
    else:
        application.add_exception_handler(HTTPException, _tell_http)
    application.add_exception_handler(SimsearchError, _tell_error)
    application.add_exception_handler(RequestValidationError, _tell_invalid)
    application.add_exception_handler(Exception, _tell_bug)
    return application


async def _tell_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SimsearchError)
    status = status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    headers = {"retry-after": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return respond(type(error).__name__, str(error), status, headers)


async def _tell_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "The request"
    message = f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}."
    return respond("InvalidRequest", message, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _tell_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    message = f"{request.method} {request.url.path}: {str(error.detail).lower()}."
    return respond("Refused", message, error.status_code, error.headers)


async def _tell_bug(request: Request, error: Exception) -> JSONResponse:
    message = "The server failed to answer; its log says why."
    return respond("ServerError", message, HTTPStatus.INTERNAL_SERVER_ERROR)
