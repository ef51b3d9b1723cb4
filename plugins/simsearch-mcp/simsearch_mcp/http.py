"""The same tools over HTTP, for an application that guards it: simsearch-serve mounts this at /mcp."""

from __future__ import annotations

import asyncio

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send

from simsearch import Workspace
from simsearch_mcp.server import Runner, create_server


class HttpApplication:
    """An ASGI application that answers each request by itself: nothing is kept between two of them, so that any process
    can answer the next one. Host, Origin and token are checked by whoever mounts it.

    Args:
        runner: Where the tools run.
        body: Bytes of a request's body at most.
    """

    def __init__(self, workspace: Workspace, runner: Runner, *, writable: bool, body: int) -> None:
        self._manager = StreamableHTTPSessionManager(
            app=create_server(workspace, runner, writable=writable),
            json_response=True,
            stateless=True,
            security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
            max_request_body_size=body,
        )
        self._ready = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        await self._ready.wait()
        await self._manager.handle_request(scope, receive, send)

    async def _run(self) -> None:
        """Surround all requests from the first one on, until the event loop ends."""
        async with self._manager.run():
            self._ready.set()
            await asyncio.Event().wait()
