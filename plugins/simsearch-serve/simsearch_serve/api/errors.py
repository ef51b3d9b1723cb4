"""How the API's document describes errors: the same form for every status."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel


class Problem(BaseModel):
    """What is wrong.

    Args:
        type: The kind of error.
        message: One sentence for a person.
    """

    type: str
    message: str


class ErrorBody(BaseModel):
    """The body of every response that is not a success."""

    error: Problem


MEANINGS = {
    400: "The request can't be read.",
    401: "The server's token is missing.",
    403: "A page of another site asked.",
    404: "There is no such thing.",
    405: "The path doesn't take this method.",
    408: "The request was not sent in time.",
    409: "Another process is writing.",
    413: "The body is too large.",
    422: "Something that was asked for can't be used.",
    429: "The client has too many requests running.",
    500: "The server failed.",
    503: "There is no index yet, too many requests are waiting, or the answer took too long.",
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": meaning} for status, meaning in MEANINGS.items()
}


def new_router(prefix: str = "/api/v1") -> APIRouter:
    """A router whose routes describe their errors."""
    return APIRouter(prefix=prefix, responses=RESPONSES)
