"""`simsearch mcp` as a client meets it: a process of its own that speaks over stdin and stdout."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from raw_client import HELLO, PATIENCE, RawClient

from tests.conftest import PROJECT, python_path
from tests.support.hashed_words import indexed
from tests.support.plugin_packages import install

NOISY = """
import os, subprocess, time

print("printed while it is imported")

@hookimpl
def simsearch_embedders():
    from tests.support.hashed_words import HashedWords

    class Noisy(HashedWords):
        def encode(self, texts, role="document"):
            print("printed", flush=True)
            os.write(1, b"written\\n")
            subprocess.run(["echo", "by a process"], check=True)
            if any("forever" in text for text in texts):
                time.sleep(3600)
            return super().encode(texts, role)

    return [Component("hashed-words", "Hashed words", Noisy)]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with an index, and a plugin that prints wherever it can."""
    (tmp_path / "plugins").mkdir()
    install(tmp_path / "plugins", "noisy", NOISY)
    indexed(
        tmp_path / "work", {"docs/goat.txt": "the goat eats grass\n", "docs/hen.txt": "the hen eats corn\n"}
    )
    return tmp_path / "work"


def environment(folder: Path) -> dict[str, str]:
    return {"PYTHONPATH": python_path(folder.parent / "plugins", PROJECT), "HF_HUB_OFFLINE": "1"}


@pytest.fixture
def raw(folder: Path) -> Iterator[Callable[..., RawClient]]:
    started: list[RawClient] = []

    def start(*options: str) -> RawClient:
        started.append(RawClient(folder, *options, **environment(folder)))
        return started[-1]

    yield start
    for client in started:
        client.stop()


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_the_clients_of_the_sdk_can_use_it(folder: Path, mode: str) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "simsearch", "mcp"],
        cwd=folder,
        env={**os.environ, **environment(folder)},
    )

    async def main() -> None:
        async with Client(command, mode=mode) as client:  # type: ignore[arg-type]
            assert client.server_info and client.server_info.name == "simsearch"
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == ["search", "get", "similar", "status"]
            found = await client.call_tool("search", {"query": "what eats grass", "k": 1})
            assert (
                found.structured_content and found.structured_content["results"][0]["path"] == "docs/goat.txt"
            )

    asyncio.run(asyncio.wait_for(main(), PATIENCE))


def test_nothing_but_the_protocol_is_on_stdout(raw: Callable[..., RawClient]) -> None:
    client = raw()
    client.hello()
    assert client.call("search", query="goat")["structuredContent"]["results"]
    assert client.call("similar", path="docs/hen.txt")["structuredContent"]["results"]
    client.send(b"not json")
    assert client.ask("ping") == {}
    status, rest, said = client.finish()
    assert (status, rest) == (0, b"")
    for noise in ("printed while it is imported", "printed", "written", "by a process"):
        assert noise in said


def test_initialize_is_answered_once_even_if_more_is_sent_at_once(raw: Callable[..., RawClient]) -> None:
    client = raw()
    numbers = [client.request("initialize", **HELLO)]
    client.send(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}')
    numbers += [client.request("ping"), client.request("tools/list")]
    assert [client.answer()["id"] for _ in numbers] == numbers
    assert client.finish()[:2] == (0, b"")


def test_an_index_renewed_by_another_process_is_noticed(raw: Callable[..., RawClient], folder: Path) -> None:
    client = raw()
    client.hello()
    assert "no document" in client.call("get", path="docs/new.txt")["content"][0]["text"]
    indexed(folder, {"docs/new.txt": "a lamp burns oil\n"})
    found = client.call("search", query="lamp oil", k=1)["structuredContent"]["results"]
    assert [hit["path"] for hit in found] == ["docs/new.txt"]


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize(("number", "status"), [(None, 0), (signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_with_its_client_and_when_it_is_told_to(
    raw: Callable[..., RawClient], number: int | None, status: int, busy: bool
) -> None:
    client = raw()
    client.hello()
    client.ask("ping")
    if busy:
        client.request("tools/call", name="search", arguments={"query": "forever"})
        assert client.process.stderr
        while b"by a process" not in client.process.stderr.readline():
            pass
    if number is None:
        assert client.process.stdin
        client.process.stdin.close()
    else:
        client.process.send_signal(number)
    assert client.process.wait(PATIENCE) == status


def test_a_client_that_leaves_at_once_is_no_error(raw: Callable[..., RawClient]) -> None:
    client = raw()
    status, out, said = client.finish()
    assert (status, out) == (0, b"") and "Traceback" not in said


def test_after_a_while_without_questions_it_still_answers(raw: Callable[..., RawClient]) -> None:
    client = raw("--idle", "0.01s")
    client.hello()
    for _ in range(3):
        assert client.call("search", query="goat")["structuredContent"]["results"]


def test_without_an_index_it_says_what_to_do(raw: Callable[..., RawClient], tmp_path: Path) -> None:
    (tmp_path / "empty" / ".simsearch").mkdir(parents=True)
    client = raw("--workspace", str(tmp_path / "empty"))
    client.hello()
    found = client.call("search", query="goat")
    assert found["isError"] and "`simsearch index PATH` creates one" in found["content"][0]["text"]


def test_a_wrong_option_is_told_before_it_begins(raw: Callable[..., RawClient]) -> None:
    status, out, said = raw("--idle", "soon").finish()
    assert (status, out) == (1, b"") and "--idle soon is not a valid duration" in said
