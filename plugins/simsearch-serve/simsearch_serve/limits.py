"""Limits that hold before a request is read: on its size, its time, and how many a client has running."""

from __future__ import annotations

import asyncio
from collections import Counter
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simsearch_serve.errors import refusal
from simsearch_serve.options import Limits


class Limited:
    """ASGI middleware that reads a request's body within the limits, and then hands it on whole."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = (scope.get("client") or ("",))[0]
        if self._running[client] >= self._limits.waiting_each:
            text = f"{self._running[client]} requests of {client} are running already; wait for some of them."
            response = refusal(HTTPStatus.TOO_MANY_REQUESTS, text, {"retry-after": "1"})
            await response(scope, receive, send)
            return
        self._running[client] += 1
        try:
            await self._pass_on(scope, receive, send)
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._limits.seconds_to_send):
                body = await self._read(scope, receive)
        except TimeoutError:
            text = f"The request was not sent within {self._limits.seconds_to_send:g} seconds."
            response = refusal(HTTPStatus.REQUEST_TIMEOUT, text, {"connection": "close"})
            await response(scope, receive, send)
            return
        if body is None:
            text = f"The body of the request has more than {self._limits.body} bytes."
            response = refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text, {"connection": "close"})
            await response(scope, receive, send)
            return
        await self._app(scope, _receive_whole(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body; None if it is too large."""
        stated = Headers(scope=scope).get("content-length", "0")
        if stated.isdecimal() and int(stated) > self._limits.body:
            return None
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self._limits.body:
                return None
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                return bytes(body)


def _receive_whole(body: bytes, receive: Receive) -> Receive:
    """Receives the body at once, and then what else the client does."""
    given = False

    async def receive_body() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_body
