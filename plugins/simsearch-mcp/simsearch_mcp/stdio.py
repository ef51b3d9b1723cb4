"""The server over stdin and stdout, once the SDK is there; the client's first request may be answered already."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, cast

import anyio.to_thread
from mcp.server.stdio import stdio_server

from simsearch import Workspace
from simsearch_mcp.channel import Channel
from simsearch_mcp.memory import Memory
from simsearch_mcp.server import create_server


@dataclass(frozen=True, slots=True)
class Options:
    """How the server is run.

    Args:
        writable: Whether the agent may judge and index.
        idle: Seconds without a question after which the model leaves memory.
    """

    writable: bool
    idle: float


def serve(channel: Channel, opening: bytes, answered: bool, workspace: Workspace, options: Options) -> None:
    """Answer the client until it leaves.

    Args:
        opening: Its first line.
        answered: Whether that was answered already.
    """
    asyncio.run(_serve(channel, opening, answered, workspace, options))


async def _serve(
    channel: Channel, opening: bytes, answered: bool, workspace: Workspace, options: Options
) -> None:
    memory = Memory(workspace.keep_open(), options.idle)
    server = create_server(workspace, memory, writable=options.writable)
    source, target = Lines(channel, opening), Answers(channel, opening if answered else None)
    freeing = asyncio.create_task(memory.free_when_idle())
    async with stdio_server(cast("Any", source), cast("Any", target)) as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
    freeing.cancel()


class Lines:
    """What the client sends, as the SDK reads it: the first line again, then all others."""

    def __init__(self, channel: Channel, opening: bytes) -> None:
        self._channel = channel
        self._opening: bytes | None = opening

    def __aiter__(self) -> Lines:
        return self

    async def __anext__(self) -> str:
        line, self._opening = self._opening, None
        if line is None:
            line = await anyio.to_thread.run_sync(self._channel.lines.get, abandon_on_cancel=True)
        if line is None:
            raise StopAsyncIteration
        return line.decode("utf-8", "replace")


class Answers:
    """What the SDK answers, without its answer to a request that was answered already."""

    def __init__(self, channel: Channel, answered: bytes | None) -> None:
        self._channel = channel
        self._dropped: Any = json.loads(answered)["id"] if answered else None

    async def write(self, text: str) -> None:
        if self._dropped is not None and json.loads(text).get("id") == self._dropped:
            self._dropped = None
        else:
            self._channel.write(text.encode())

    async def flush(self) -> None:
        """Every line is sent at once."""
