"""The tools at /mcp of `simsearch serve`, asked by the SDK's own client over HTTP."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import mcp_types as types
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.conftest import PROJECT, python_path
from tests.support.hashed_words import AS_PACKAGE, indexed
from tests.support.plugin_packages import install
from tests.support.serving import Server, running_server

TOKEN = "a token of more than sixteen letters"
PING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
HEADERS = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    (folder / "plugins").mkdir()
    install(folder / "plugins", "hashed", AS_PACKAGE)
    (folder / "token").write_text(TOKEN)
    indexed(
        folder / "work", {"docs/goat.txt": "the goat eats grass\n", "docs/hen.txt": "the hen eats corn\n"}
    )
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    plugins = python_path(folder / "plugins", PROJECT)
    with running_server(folder / "work", "--token-file", str(folder / "token"), PYTHONPATH=plugins) as server:
        yield server


def talk(server: Server, mode: str, tool: str, **arguments: Any) -> types.CallToolResult:
    async def main() -> types.CallToolResult:
        async with httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"}, timeout=60) as http:
            transport = streamable_http_client(f"{server.url}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:  # type: ignore[arg-type]
                return await client.call_tool(tool, arguments)

    return asyncio.run(main())


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_the_client_of_the_sdk_can_use_it(server: Server, mode: str) -> None:
    found = talk(server, mode, "search", query="what eats grass", k=1)
    assert found.structured_content and found.structured_content["results"][0]["path"] == "docs/goat.txt"


def test_what_cant_be_done_is_said_as_over_stdin(server: Server) -> None:
    for tool, arguments, said in (
        ("get", {"path": "/etc/passwd"}, "The index has no document"),
        ("search", {"query": ""}, "'query' of 'search'"),
        ("index", {}, "it needs --write"),
    ):
        refused = talk(server, "legacy", tool, **arguments)
        assert refused.is_error and said in refused.content[0].text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": f"Bearer {TOKEN}", "host": "evil.example"}, 403),
        ({"authorization": f"Bearer {TOKEN}", "origin": "http://evil.example"}, 403),
        ({"authorization": f"Bearer {TOKEN}"}, 200),
    ],
)
def test_the_rules_of_the_server_hold(server: Server, headers: dict[str, str], status: int) -> None:
    answered = httpx2.post(f"{server.url}/mcp", json=PING, headers={**HEADERS, **headers})
    assert answered.status_code == status, answered.text


def test_no_request_is_left_open(server: Server) -> None:
    allowed = {**HEADERS, "authorization": f"Bearer {TOKEN}"}
    for method in ("GET", "DELETE"):
        assert httpx2.request(method, f"{server.url}/mcp", headers=allowed, timeout=60).status_code == 405
    large = httpx2.post(f"{server.url}/mcp", content=b" " * 5_000_000, headers=allowed, timeout=60)
    assert large.status_code == 413
