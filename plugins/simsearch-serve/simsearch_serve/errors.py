"""Errors that only a server has, and how every error is told to a client: JSON with one sentence.

    {"error": {"type": "InputError", "message": "The query is empty: type what to search for."}}

OpenAI's clients read the same form.
"""

from __future__ import annotations

from http import HTTPStatus

from simsearch import InputError, SimsearchError
from simsearch.errors import (
    ComponentArgumentError,
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
    NoIndex: HTTPStatus.SERVICE_UNAVAILABLE,
    WorkspaceLocked: HTTPStatus.CONFLICT,
}


def status_of(error: SimsearchError) -> HTTPStatus:
    """The HTTP status that tells what kind of error it is."""
    if isinstance(error, Refused):
        return error.status
    found = (status for kind, status in _STATUS.items() if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def as_json(kind: str, message: str) -> dict[str, dict[str, str]]:
    """An error as the body of a response."""
    return {"error": {"type": kind, "message": message}}
