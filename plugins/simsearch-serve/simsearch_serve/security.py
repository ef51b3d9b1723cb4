"""Who may ask: middleware that refuses a request before anything reads it, and the headers of every response.

- Host: a page of another site, whose name was made to point here (DNS rebinding), sends its own name.
- Origin: a page of another site must not change anything here.
- Token: needed from everybody where the server listens on more than this machine's own address.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simsearch_serve.errors import refusal
from simsearch_serve.options import ServeOptions

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OPEN_PATHS = ("/api/v1/health",)
"""Paths that need no token; they tell nothing about the index."""

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""On every response that doesn't set them itself. No script or style within a page is run."""

_SAFE = ("GET", "HEAD", "OPTIONS")


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    return host in LOOPBACK or host.startswith("127.")


class Guard:
    """ASGI middleware that lets only those requests pass that may be answered."""

    def __init__(self, app: ASGIApp, options: ServeOptions) -> None:
        self._app = app
        self._names = {*LOOPBACK, options.host.lower(), *(name.lower() for name in options.names)}
        self._token = options.token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refuse(scope)
        await (refusal or self._app)(scope, receive, _with_headers(send))

    def _refuse(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        checks: tuple[Callable[[Scope, Headers], JSONResponse | None], ...] = (
            self._check_host,
            self._check_origin,
            self._check_token,
        )
        return next((refusal for check in checks if (refusal := check(scope, headers))), None)

    def _check_host(self, scope: Scope, headers: Headers) -> JSONResponse | None:
        given = headers.getlist("host")
        if len(given) == 1 and _hostname(given[0]) in self._names:
            return None
        return refusal(
            HTTPStatus.FORBIDDEN,
            "This server has another name than the Host header says; `simsearch serve --name NAME` adds a name.",
        )

    def _check_origin(self, scope: Scope, headers: Headers) -> JSONResponse | None:
        origin = headers.get("origin")
        if origin is not None:
            foreign = urlsplit(origin).netloc.lower() != headers["host"].lower()
        else:
            foreign = headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
            foreign = foreign and scope["method"] not in _SAFE
        if not foreign:
            return None
        return refusal(HTTPStatus.FORBIDDEN, "A page of another site may not use this server.")

    def _check_token(self, scope: Scope, headers: Headers) -> JSONResponse | None:
        if not self._token or scope["path"] in OPEN_PATHS:
            return None
        if hmac.compare_digest(_given_token(headers.get("authorization", "")), self._token):
            return None
        return refusal(
            HTTPStatus.UNAUTHORIZED,
            "This server needs its token, as `Authorization: Bearer TOKEN` or as the password of any user.",
            {"www-authenticate": 'Basic realm="simsearch", charset="UTF-8"'},
        )


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _given_token(authorization: str) -> bytes:
    scheme, _, value = authorization.partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip().encode()
        case "basic":
            try:
                return base64.b64decode(value, validate=True).partition(b":")[2]
            except binascii.Error:
                return b""
        case _:
            return b""


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
