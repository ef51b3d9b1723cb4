"""Errors that only a server has, and how every error is told to a client: JSON with one sentence.

    {"error": {"type": "InputError", "message": "The query is empty: type what to search for."}}

OpenAI's clients read the same form.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse

from simsearch import InputError, SimsearchError
from simsearch.errors import (
    ComponentArgumentError,
    ModelNotFound,
    NoIndex,
    SettingsError,
    UnknownComponent,
    WorkspaceLocked,
)


class Refused(SimsearchError):
    """A request that is not answered.

    Args:
        status: The HTTP status.
    """

    def __init__(self, problem: str, status: HTTPStatus) -> None:
        super().__init__(problem)
        self.status = status


class Overloaded(Refused):
    """Too many requests are waiting."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem, HTTPStatus.SERVICE_UNAVAILABLE)


class TookTooLong(Refused):
    """The answer took longer than allowed."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem, HTTPStatus.SERVICE_UNAVAILABLE)


_STATUS: dict[type[SimsearchError], HTTPStatus] = {
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    SettingsError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownComponent: HTTPStatus.UNPROCESSABLE_ENTITY,
    ComponentArgumentError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ModelNotFound: HTTPStatus.NOT_FOUND,
    NoIndex: HTTPStatus.SERVICE_UNAVAILABLE,
    WorkspaceLocked: HTTPStatus.CONFLICT,
}


def status_of(error: SimsearchError) -> HTTPStatus:
    """The HTTP status that tells what kind of error it is."""
    if isinstance(error, Refused):
        return error.status
    found = (status for kind, status in _STATUS.items() if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def respond(kind: str, message: str, status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error as a response."""
    return JSONResponse({"error": {"type": kind, "message": message}}, status, headers)


def refusal(status: HTTPStatus, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The response to a request that is not looked at."""
    return respond("Refused", message, status, headers)
